import type { IncomingMoney } from '@interledger/stream-receiver'
import { fulfill, isIlpErrorCode, type Prepare, type Reply, reject } from '@kivuko/ilp'
import { assert } from '@kivuko/platform'
import type { IlpPrepare, IlpReply } from 'ilp-packet'

/** A prepare in the words of @interledger/stream-receiver, which holds amounts as text. */
export function streamPrepare(prepare: Prepare, amount: bigint = prepare.amount): IlpPrepare {
  const { executionCondition, expiresAt, destination, data } = prepare
  return { amount: amount.toString(), executionCondition, expiresAt, destination, data }
}

export function streamReply(reply: IlpReply): Reply {
  if ('fulfillment' in reply) return fulfill(reply.fulfillment, reply.data)
  assert(isIlpErrorCode(reply.code), `a STREAM reply's error code is one of ILP's (${reply.code})`)
  return reject(reply.code, reply.triggeredBy, reply.message, reply.data)
}

/** True for a packet that would be fulfilled and brings money; anything else has its answer already. */
export function isMoney(answer: IncomingMoney | IlpReply): answer is IncomingMoney {
  return 'accept' in answer
}
