import { StreamServer } from '@interledger/stream-receiver'
import { decodePrepare, encodeReply, fulfill, type Reply, reject } from '@kivuko/ilp'
import { isFulfill, isIlpReply } from 'ilp-packet'
import { describe, expect, it } from 'vitest'
import type { PayRequest } from '../payment-method.js'
import { send } from './send.js'
import { StoppablePlugin } from './stoppable-plugin.js'

const tenantId = '438fa74a-fa7d-4317-9ced-dde32ece1787'
const server = new StreamServer({ serverAddress: 'test.bank', serverSecret: Buffer.alloc(32, 7) })
const dollar = {
  id: '0b1f4e0a-1d5f-4c3b-9a6e-5a1f0c7b8d90',
  tenantId,
  code: 'USD',
  scale: 2,
  ledger: 1,
  withdrawalThreshold: null,
  liquidityThreshold: null,
  createdAt: new Date(0),
}

/** A path to a STREAM receiver in memory: `convert` is what connectors make of an amount. */
class Path {
  sent = 0n
  delivered = 0n
  packets = 0

  constructor(private readonly convert: (amount: bigint) => bigint) {}

  readonly plugin = new StoppablePlugin({
    connect: async () => undefined,
    disconnect: async () => undefined,
    isConnected: () => true,
    sendData: async (bytes) => encodeReply(this.answer(bytes)),
  })

  private answer(bytes: Buffer): Reply {
    const prepare = decodePrepare(bytes)
    const arriving = this.convert(prepare.amount)
    const answer = server.createReply({ ...prepare, amount: arriving.toString() })
    const reply = isIlpReply(answer) ? answer : answer.accept()
    this.packets += 1
    if (!isFulfill(reply)) return reject('F99', reply.triggeredBy, reply.message, reply.data)
    this.sent += prepare.amount
    this.delivered += arriving
    return fulfill(reply.fulfillment, reply.data)
  }
}

function request(changes: Partial<PayRequest> = {}): PayRequest {
  const ninetyOneCents = { numerator: 91n, denominator: 100n }
  return {
    payment: { id: tenantId, tenantId, accountId: 1n, asset: dollar },
    receiver: {
      incomingPaymentUrl: 'https://bank.example/incoming-payments/1',
      walletAddressUrl: 'https://bank.example/alice',
      asset: { code: 'EUR', scale: 2 },
      receivedAmount: 0n,
      completed: false,
      ilp: server.generateCredentials({ paymentTag: '1' }),
    },
    price: {
      method: 'ilp',
      guaranteedRate: { numerator: 9_009n, denominator: 10_000n },
      lowRate: ninetyOneCents,
      highRate: { numerator: 911n, denominator: 1_000n },
      maxPacketAmount: 1_000n,
    },
    sourceAmount: 5_000n,
    sentAmount: 0n,
    deliverAmount: 4_000n,
    attempt: 0,
    signal: new AbortController().signal,
    ...changes,
  }
}

const atMarket = (amount: bigint): bigint => (amount * 91n) / 100n

describe('sending over Interledger', () => {
  it('delivers exactly what is wanted, in packets the path takes', async () => {
    const path = new Path(atMarket)
    const sent = await send(path.plugin, request())
    expect(sent).toMatchObject({ amountDelivered: 4_000n, error: undefined, isExhausted: false })
    expect(path.delivered).toBe(4_000n)
    // 40.00 ÷ 0.91 = 43.956…: four packets of 10.00 and one of 3.96.
    expect(path.sent).toBe(4_396n)
    expect(path.packets).toBe(5)
  })

  it('never sends more than is left', async () => {
    const path = new Path(atMarket)
    const sent = await send(path.plugin, request({ sentAmount: 3_000n }))
    expect(path.sent).toBeLessThanOrEqual(2_000n)
    expect(sent.amountDelivered).toBe(path.delivered)
    expect(path.delivered).toBeLessThan(4_000n)
  }, 5_000)

  it('ends when all is spent and too little has arrived, instead of waiting for ever', async () => {
    // The rate falls to the least that is accepted: 20.00 at 0.9009 is 18.01, not the 18.20 that are wanted.
    const path = new Path((amount) => (amount * 9_009n) / 10_000n)
    const price = { ...request().price, guaranteedRate: { numerator: 9n, denominator: 10n }, maxPacketAmount: 10_000n }
    const sent = await send(path.plugin, request({ price, sourceAmount: 2_000n, deliverAmount: 1_820n }))
    expect(sent).toEqual({ amountSent: 2_000n, amountDelivered: 1_801n, isExhausted: true })
    expect(path.sent).toBe(2_000n)
  }, 5_000)

  it('ends with a reason when the rate falls below the least that is accepted', async () => {
    const path = new Path((amount) => amount / 2n)
    const sent = await send(path.plugin, request())
    expect(sent.error).toBe('InsufficientExchangeRate')
    expect(path.sent).toBe(0n)
  })

  it('ends when it is stopped, after the packets under way', async () => {
    const path = new Path((amount) => {
      path.plugin.stop()
      return atMarket(amount)
    })
    const sent = await send(path.plugin, request())
    expect(sent.error).toBe('ConnectorError')
    expect(sent.amountDelivered).toBe(path.delivered)
    expect(path.delivered).toBe(910n)
  })

  it('remembers why the last packet was refused', async () => {
    const path = new Path((amount) => amount / 2n)
    await send(path.plugin, request())
    expect(path.plugin.lastReject).toBe('F99 by test.bank')
  })
})
