import type { IncomingMoney } from '@interledger/stream-receiver'
import { fulfill, isIlpErrorCode, type Prepare, type Reply, reject } from '@kivuko/ilp'
import { assert } from '@kivuko/platform'
import type { IlpPrepare, IlpReply } from 'ilp-packet'

/** A prepare in the words of @interledger/stream-receiver, which holds amounts as text. */
export function streamPrepare(prepare: Prepare, amount: bigint = prepare.amount): IlpPrepare {
  const { executionCondition, expiresAt, destination, data } = prepare
  return { amount: amount.toString(), executionCondition, expiresAt, destination, data }
}

/**
 * Senders that probe with packets nobody can fulfill, or whose packet brought too little, read in the reject's STREAM data
 * what arrived. All know such a reject as F99; of the library's own F05 and F04 older ones (@interledger/pay up to
 * alpha.9, ilp-protocol-stream while it pays) make the end of the payment.
 */
export function streamReply(reply: IlpReply): Reply {
  if ('fulfillment' in reply) return fulfill(reply.fulfillment, reply.data)
  const { code, triggeredBy, message, data } = reply
  assert(isIlpErrorCode(code), `a STREAM reply's error code is one of ILP's (${code})`)
  const tellsWhatArrived = data.length > 0 && (code === 'F05' || code === 'F04')
  return reject(tellsWhatArrived ? 'F99' : code, triggeredBy, message, data)
}

/** True for a packet that would be fulfilled and brings money; anything else has its answer already. */
export function isMoney(answer: IncomingMoney | IlpReply): answer is IncomingMoney {
  return 'accept' in answer
}
