import { fulfill, reject } from '@kivuko/ilp'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import type { Delivery } from './deliver.js'
import { peerAccount } from './peer-account.js'
import { bytesOf, NOW_MS, replied, TestConnector } from './testing/test-connector.js'
import { FULFILLMENT } from './testing/test-receiver.js'

let node: TestConnector

beforeEach(async () => {
  node = await TestConnector.open()
  vi.useFakeTimers()
})
afterEach(() => {
  vi.useRealTimers()
})

function answersInTurn(...deliveries: Delivery[]): void {
  node.answerAsPeer = async () => deliveries.shift() ?? { kind: 'lost', message: 'ECONNRESET' }
}

const lost: Delivery = { kind: 'lost', message: 'ECONNRESET' }
const refused: Delivery = { kind: 'refused', message: 'ECONNREFUSED' }

/** Lets both clocks run until the reply is there. */
async function awaited<T>(reply: Promise<T>): Promise<T> {
  let isDone = false
  const done = () => {
    isDone = true
  }
  reply.then(done, done)
  while (!isDone) {
    await vi.advanceTimersByTimeAsync(10)
    node.clock.advance(10)
  }
  return reply
}

/** The last answer that could have come has been waited for, and the ledger has confirmed what followed from it. */
async function nothingIsUnderWay(): Promise<void> {
  await awaited(new Promise((resolve) => setTimeout(resolve, 1_100)))
  await awaited(node.confirmations.onIdle())
}

describe('delivery to a peer', () => {
  it('changes amount and expiry only', async () => {
    await node.sendFrom(node.alice, { destination: 'test.emma.account', data: Buffer.from('for emma') })
    expect(node.sent).toMatchObject([
      {
        peer: 'emma',
        prepare: {
          amount: 9_000n,
          expiresAt: new Date(NOW_MS + 19_000),
          destination: 'test.emma.account',
          data: Buffer.from('for emma'),
        },
      },
    ])
  })

  it("passes the peer's reject on as it is", async () => {
    const reply = reject('F08', 'test.bob.wallet', 'too large', Buffer.from('numbers'))
    answersInTurn(replied(reply))
    expect(await node.sendFrom(node.alice)).toEqual(reply)
  })

  it('is refused with T01 when the peer cannot be reached, and costs nothing', async () => {
    answersInTurn(refused)
    expect(await node.sendFrom(node.alice)).toMatchObject({
      code: 'T01',
      triggeredBy: 'test.kivuko',
      message: 'peer unreachable. peer=test.bob reason=ECONNREFUSED',
    })
    expect(node.sent).toHaveLength(1)
    expect(await node.openReservations()).toBe(0)
  })
})

describe('a lost answer', () => {
  it('is asked for again with the same bytes', async () => {
    answersInTurn(lost, lost, replied(fulfill(FULFILLMENT)))
    expect((await awaited(node.sendFrom(node.alice))).type).toBe('fulfill')
    expect(node.sent.map(({ prepare }) => prepare)).toEqual(Array(3).fill(node.sent[0]?.prepare))
    expect(await node.gains(node.alice, node.bob)).toEqual([-10_000n, 10_000n])
  })

  it('is not taken for a refusal when the peer then cannot be reached', async () => {
    answersInTurn(lost, refused, refused, replied(fulfill(FULFILLMENT)))
    expect((await awaited(node.sendFrom(node.alice))).type).toBe('fulfill')
  })

  it('is not taken for a refusal when the peer then refuses for now, but when it refuses for good', async () => {
    const busy = replied(reject('T05', 'test.bob', 'too many packets', Buffer.alloc(0)))
    answersInTurn(lost, busy, busy, replied(fulfill(FULFILLMENT)))
    expect((await awaited(node.sendFrom(node.alice))).type).toBe('fulfill')
    answersInTurn(lost, busy, replied(reject('F06', 'test.bob', 'no', Buffer.alloc(0))))
    const second = await awaited(node.sendFrom(node.alice, { data: Buffer.from('second') }))
    expect(second).toMatchObject({ code: 'F06' })
    expect(await node.openReservations()).toBe(0)
  })

  it.each(['R00', 'R02', 'F99'] as const)('is not taken for a refusal when the peer then answers %s', async (code) => {
    answersInTurn(lost, replied(reject(code, 'test.bob', 'too late, or at another rate', Buffer.alloc(0))))
    expect(await awaited(node.sendFrom(node.alice))).toMatchObject({ code: 'R00', message: 'packet expired.' })
    await nothingIsUnderWay()
    expect(node.differences).toMatchObject([{ kind: 'released', amount: 10_000n }])
  })

  it('before this process began is not taken for a refusal when the peer cannot be reached now', async () => {
    const bytes = bytesOf()
    // Reserved and sent by a process that was killed.
    vi.spyOn(node.confirmations, 'post').mockResolvedValueOnce()
    await node.sendBytes(peerAccount(node.alice), bytes)
    answersInTurn(...Array<Delivery>(60).fill(refused))
    const again = await awaited(node.restarted().sendBytes(peerAccount(node.alice), bytes))
    expect(again).toMatchObject({ code: 'R00', message: 'packet expired.' })
    await nothingIsUnderWay()
    expect(node.differences).toMatchObject([{ kind: 'released', amount: 10_000n }])
  })

  it('before this process began is asked for again', async () => {
    const bytes = bytesOf()
    vi.spyOn(node.confirmations, 'post').mockResolvedValueOnce()
    await node.sendBytes(peerAccount(node.alice), bytes)
    answersInTurn(refused, replied(fulfill(FULFILLMENT)))
    const again = await awaited(node.restarted().sendBytes(peerAccount(node.alice), bytes))
    expect(again.type).toBe('fulfill')
    expect(await node.gains(node.alice, node.bob)).toEqual([-10_000n, 10_000n])
  })

  it('is given up when the packet expires, and then listed', async () => {
    const startedAtMs = node.clock.nowMs()
    expect(await awaited(node.sendFrom(node.alice))).toBeDefined()
    answersInTurn()
    const reply = await awaited(node.sendFrom(node.alice, { data: Buffer.from('second') }))
    expect(reply).toMatchObject({ code: 'R00', message: 'packet expired.' })
    expect(node.clock.nowMs() - startedAtMs).toBeLessThanOrEqual(20_000)
    expect(node.sent.length).toBeGreaterThan(10)
    expect(node.sent.length).toBeLessThan(40)
    await nothingIsUnderWay()
    expect([await node.openReservations(), node.differences.length]).toEqual([0, 1])
  })

  it('of a next hop that would charge the same bytes again is not asked for: the source hears so when it expires', async () => {
    node.chargesRepeatsOnce = false
    const startedAtMs = node.clock.nowMs()
    answersInTurn(lost, replied(fulfill(FULFILLMENT)))
    expect(await awaited(node.sendFrom(node.alice))).toMatchObject({ code: 'R00', message: 'packet expired.' })
    expect(node.clock.nowMs() - startedAtMs).toBeGreaterThanOrEqual(19_000)
    expect(node.sent).toHaveLength(1)
    await nothingIsUnderWay()
    expect(node.differences).toMatchObject([{ kind: 'released', peerId: node.bob.id, amount: 10_000n }])
    expect(await node.gains(node.alice)).toEqual([0n])
  })

  it('is asked for no more once the next hop is known to charge the same bytes again', async () => {
    node.answerAsPeer = async () => {
      node.chargesRepeatsOnce = node.sent.length < 3
      return lost
    }
    expect(await awaited(node.sendFrom(node.alice))).toMatchObject({ code: 'R00' })
    expect(node.sent.length).toBe(3)
  })
})
