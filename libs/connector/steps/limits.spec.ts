import { decodeAmountTooLarge, reject } from '@kivuko/ilp'
import type { PeerLimits } from '@kivuko/peering'
import { beforeEach, describe, expect, it } from 'vitest'
import { replied, TestConnector } from '../testing/test-connector.js'

let node: TestConnector
let count = 0

beforeEach(async () => {
  node = await TestConnector.open()
})

function limits(change: Partial<PeerLimits>): { limits: PeerLimits } {
  return { limits: { packetsPerMinute: null, incomingAmountPerSecond: null, outgoingAmountPerSecond: null, ...change } }
}

/** How the packets were answered: 'ok' or the error code. Each has data of its own, so that none is a duplicate. */
async function answers(from: Parameters<TestConnector['sendFrom']>[0], ...amounts: bigint[]): Promise<string[]> {
  const codes: string[] = []
  for (const amount of amounts) {
    const reply = await node.sendFrom(from, { amount, data: Buffer.from(`packet ${count++}`) })
    codes.push(reply.type === 'fulfill' ? 'ok' : reply.code)
  }
  return codes
}

describe('the maximum packet amount', () => {
  it('is the largest that passes; F08 says both numbers', async () => {
    const alice = node.changePeer(node.alice, { maxPacketAmount: 500n })
    expect(await answers(alice, 500n, 501n, 0n)).toEqual(['ok', 'F08', 'ok'])
    const reply = await node.sendFrom(alice, { amount: 501n })
    expect(reply).toMatchObject({
      message: 'packet size too large. maxAmount=500 actualAmount=501',
      triggeredBy: 'test.kivuko',
    })
    expect(decodeAmountTooLarge(reply.data)).toEqual({ receivedAmount: 501n, maximumAmount: 500n })
  })
})

describe('the rate limit', () => {
  it('lets the granted packets pass, then as many as the time brings back', async () => {
    const alice = node.changePeer(node.alice, limits({ packetsPerMinute: 3 }))
    expect(await answers(alice, 1n, 1n, 1n, 1n)).toEqual(['ok', 'ok', 'ok', 'T05'])
    node.clock.advance(19_999)
    expect(await answers(alice, 1n)).toEqual(['T05'])
    node.clock.advance(1)
    expect(await answers(alice, 1n, 1n)).toEqual(['ok', 'T05'])
  })

  it('says so, and counts it under the classic name', async () => {
    const alice = node.changePeer(node.alice, limits({ packetsPerMinute: 1 }))
    await answers(alice, 1n)
    expect(await node.sendFrom(alice)).toMatchObject({ code: 'T05', message: 'too many requests, throttling.' })
  })

  it("is each peer's own, and none for others and for our payments", async () => {
    const alice = node.changePeer(node.alice, limits({ packetsPerMinute: 1 }))
    expect(await answers(alice, 1n, 1n)).toEqual(['ok', 'T05'])
    expect(await answers(node.emma, 100n, 100n)).toEqual(['ok', 'ok'])
    expect(await answers(await node.openPayment(), 1n, 1n)).toEqual(['ok', 'ok'])
  })
})

describe('the throughput limit', () => {
  it('counts what a peer sends per second', async () => {
    const alice = node.changePeer(node.alice, limits({ incomingAmountPerSecond: 1_000n }))
    expect(await answers(alice, 600n, 600n, 400n, 1n, 0n)).toEqual(['ok', 'T04', 'ok', 'T04', 'ok'])
    node.clock.advance(500)
    expect(await answers(alice, 501n, 500n)).toEqual(['T04', 'ok'])
  })

  it('counts what a peer is sent per second', async () => {
    node.changePeer(node.bob, limits({ outgoingAmountPerSecond: 1_000n }))
    expect(await answers(node.alice, 600n, 600n, 400n)).toEqual(['ok', 'T04', 'ok'])
    expect(await answers(await node.openPayment(), 1n)).toEqual(['T04'])
  })

  it('gives back what did not move', async () => {
    const alice = node.changePeer(node.alice, limits({ incomingAmountPerSecond: 1_000n }))
    node.changePeer(node.bob, limits({ outgoingAmountPerSecond: 1_000n }))
    node.answerAsPeer = async () => replied(reject('T02', 'test.bob', 'busy'))
    expect(await answers(alice, 1_000n, 1_000n)).toEqual(['T02', 'T02'])
    node.answerAsPeer = () => {
      throw new Error('a bug')
    }
    expect(await answers(alice, 1_000n, 1_000n)).toEqual(['T00', 'T00'])
  })
})
