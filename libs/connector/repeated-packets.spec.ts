import { idFromUuid, shortfallAccount } from '@kivuko/accounting'
import { fulfill, reject } from '@kivuko/ilp'
import { beforeEach, describe, expect, it, vi } from 'vitest'
import type { Delivery } from './deliver.js'
import { peerAccount } from './peer-account.js'
import { bytesOf, NOW_MS, replied, TestConnector } from './testing/test-connector.js'
import { FULFILLMENT } from './testing/test-receiver.js'
import { Unanswered } from './unanswered.js'

const HOUR_MS = 3_600_000
const fulfilled = replied(fulfill(FULFILLMENT, Buffer.from('thanks')))
const refused = replied(reject('T05', 'test.bob', 'busy'))

let node: TestConnector
let answers: ((delivery: Delivery) => void)[]

beforeEach(async () => {
  node = await TestConnector.open()
  answers = []
})

const fromAlice = (bytes: Buffer) => node.sendBytes(peerAccount(node.alice), bytes)
const holdAnswers = () => {
  node.answerAsPeer = () => new Promise((resolve) => answers.push(resolve))
}
const answer = (delivery: Delivery) => {
  for (const resolve of answers.splice(0)) resolve(delivery)
}
const sent = (count: number) => vi.waitFor(() => expect(node.sent).toHaveLength(count))

describe('bytes that were fulfilled before', () => {
  const bytes = bytesOf({ expiresAt: new Date(NOW_MS + HOUR_MS) })

  it('are answered alike and never sent again, in a process that remembers nothing of them', async () => {
    node.answerAsPeer = async () => fulfilled
    const first = await fromAlice(bytes)
    node.clock.advance(HOUR_MS / 2)
    expect(await node.restarted().sendBytes(peerAccount(node.alice), bytes)).toEqual(first)
    expect(node.sent).toHaveLength(1)
    expect(await node.gains(node.alice, node.bob)).toEqual([-10_000n, 10_000n])
  })

  it('get no answer when it is not kept any more, and are listed under their source', async () => {
    await fromAlice(bytes)
    vi.spyOn(node.ledger, 'keptAnswer').mockResolvedValue(undefined)
    for (const _ of [1, 2])
      await expect(node.restarted().sendBytes(peerAccount(node.alice), bytes)).rejects.toThrow(Unanswered)
    expect(node.sent).toHaveLength(1)
    expect(node.differences).toMatchObject([{ kind: 'answer-gone', peerId: node.alice.id, amount: 10_000n }])
  })

  it.each([
    ['no route leads there any more', () => node.routing.removePeer(node.bob.id)],
    ['its source may send no more', () => node.changePeer(node.alice, { maxPacketAmount: 1n })],
    ['its next hop cannot be reached', () => (node.obstacle = 'it failed several times')],
    ['no change of the node can be heard of', () => (node.isSilent = true)],
  ])('are never rejected: %s', async (_, change) => {
    const first = await fromAlice(bytes)
    const source = peerAccount(node.alice)
    change()
    const changed = node.restarted()
    expect(await changed.sendBytes(source, bytes)).toEqual(first)
    // Another packet is.
    const other = { data: Buffer.from('another') }
    expect((await changed.sendFrom(node.changePeer(node.alice, { maxPacketAmount: 1n }), other)).type).toBe('reject')
  })

  it('are not rejected as expired either, though their answer is gone by then', async () => {
    await fromAlice(bytes)
    node.clock.advance(HOUR_MS + 1)
    await expect(node.restarted().sendBytes(peerAccount(node.alice), bytes)).rejects.toThrow(Unanswered)
  })

  it('are not rejected while the ledger cannot be read', async () => {
    await fromAlice(bytes)
    vi.spyOn(node.ledger, 'lookup').mockRejectedValue(new Error('away'))
    node.routing.removePeer(node.bob.id)
    await expect(node.restarted().sendBytes(peerAccount(node.alice), bytes)).rejects.toThrow(Unanswered)
  })
})

describe('bytes that another process has under way', () => {
  it.each([
    ['fulfilled', fulfilled, 'fulfill'],
    ['rejected', refused, 'reject'],
  ])('are not sent: when they are %s there, so they are here', async (_, delivery, type) => {
    holdAnswers()
    const first = fromAlice(bytesOf())
    await sent(1)
    const second = node.inAnotherProcess().sendBytes(peerAccount(node.alice), bytesOf())
    await vi.waitFor(() => expect(node.last?.ledgerWasAsked).toBe(true))
    answer(delivery)
    expect([(await first).type, (await second).type]).toEqual([type, type])
    expect(node.sent).toHaveLength(1)
    expect(await node.gains(node.alice)).toEqual([type === 'fulfill' ? -10_000n : 0n])
  })

  it('get no answer when that process has none before they expire', async () => {
    holdAnswers()
    const bytes = bytesOf({ expiresAt: new Date(NOW_MS + 2_100) })
    void fromAlice(bytes)
    await sent(1)
    const second = node.inAnotherProcess().sendBytes(peerAccount(node.alice), bytes)
    const unanswered = expect(second).rejects.toThrow(Unanswered)
    await vi.waitFor(() => expect(node.last?.ledgerWasAsked).toBe(true))
    node.clock.advance(2_200)
    await unanswered
    expect(node.sent).toHaveLength(1)
  })
})

describe('bytes that a process which has ended had under way', () => {
  it('are sent once more, as they were, to a next hop that charges them once', async () => {
    holdAnswers()
    const bytes = bytesOf({ expiresAt: new Date(NOW_MS + HOUR_MS), destination: 'test.emma' })
    void fromAlice(bytes)
    await sent(1)
    node.clock.advance(5_000)
    vi.spyOn(node.rates, 'peek').mockReturnValue({ numerator: 1n, denominator: 2n })
    const again = node.restarted().sendBytes(peerAccount(node.alice), bytes)
    await sent(2)
    expect(node.sent[1]).toEqual(node.sent[0])
    answer(fulfilled)
    expect((await again).type).toBe('fulfill')
    expect(await node.gains(node.alice, node.emma)).toEqual([-10_000n, 9_000n])
  })

  it('are not sent to a next hop of several nodes, another of which may have taken them', async () => {
    const furtherEndpoints = ['https://second.example']
    node.changePeer(node.bob, {
      outgoingOptions: { mode: 'synchronous', jwtSubject: null, furtherEndpoints, endpointsAreOneNode: false },
    })
    holdAnswers()
    void fromAlice(bytesOf())
    await sent(1)
    const again = expect(node.restarted().sendBytes(peerAccount(node.alice), bytesOf())).rejects.toThrow(Unanswered)
    await vi.waitFor(() => expect(node.last?.ledgerWasAsked).toBe(true))
    await new Promise((resolve) => setTimeout(resolve, 200))
    node.clock.advance(20_000)
    await again
    expect(node.sent).toHaveLength(1)
  })

  it('are not sent to a next hop that would charge them again', async () => {
    node.chargesRepeatsOnce = false
    holdAnswers()
    void fromAlice(bytesOf())
    await sent(1)
    const again = expect(node.restarted().sendBytes(peerAccount(node.alice), bytesOf())).rejects.toThrow(Unanswered)
    await vi.waitFor(() => expect(node.last?.ledgerWasAsked).toBe(true))
    node.clock.advance(20_000)
    await again
    expect(node.sent).toHaveLength(1)
  })
})

describe('an answer after the source was told R00', () => {
  async function unanswered(): Promise<void> {
    node.chargesRepeatsOnce = false
    holdAnswers()
    const reply = await node.sendFrom(node.alice, { expiresAt: new Date(NOW_MS + 2_010) })
    expect(reply).toMatchObject({ code: 'R00' })
  }

  it('that is a fulfill is listed under the next hop, which charges us, and gives the source its money back', async () => {
    await unanswered()
    answer(fulfilled)
    await vi.waitFor(async () => expect(await node.openReservations()).toBe(0))
    expect(node.differences).toMatchObject([{ kind: 'fulfilled-late', peerId: node.bob.id, amount: 10_000n }])
    expect(await node.gains(node.alice, node.bob)).toEqual([0n, 0n])
  })

  it('that cannot come any more is listed, also when that is known before its expiry is noticed here', async () => {
    node.chargesRepeatsOnce = false
    node.answerAsPeer = async () => {
      // Timers may fire a little early or late, and not in the order of their times.
      node.clock.advance(20_000)
      return { kind: 'lost', message: 'the connection was cut' }
    }
    expect(await node.sendFrom(node.alice)).toMatchObject({ code: 'R00' })
    await vi.waitFor(async () => expect(await node.openReservations()).toBe(0))
    expect(node.differences).toMatchObject([{ kind: 'released', peerId: node.bob.id, amount: 10_000n }])
    expect(await node.gains(node.alice, node.bob)).toEqual([0n, 0n])
  })

  it('that is a reject ends it: neither side counts it', async () => {
    await unanswered()
    answer(refused)
    await vi.waitFor(async () => expect(await node.openReservations()).toBe(0))
    expect(node.differences).toEqual([])
  })
})

describe('what was fulfilled when its reservation had ended', () => {
  const late = async () => {
    node.clock.advance(100_000)
    return fulfilled
  }

  it('is charged as far as its source can pay; the rest comes from the shortfall account, and is listed', async () => {
    const holder = await node.openPayment()
    node.answerAsPeer = async () => {
      await late()
      // All but 4,000 of alice's 1,000,000 go elsewhere meanwhile.
      await node.move(node.alice, holder, 996_000n)
      return fulfilled
    }
    expect((await node.sendFrom(node.alice)).type).toBe('fulfill')
    await node.confirmations.onIdle()
    expect(await node.gains(node.alice, node.bob)).toEqual([-1_000_000n, 10_000n])
    expect(await node.held(shortfallAccount(node.usd).id)).toBe(-6_000n)
    expect(node.differences).toMatchObject([{ kind: 'shortfall', peerId: node.alice.id, amount: 6_000n }])
    for (const { debitsPosted, creditsPosted } of await node.ledger.totals()) expect(debitsPosted).toBe(creditsPosted)
  })

  it('goes to the shortfall account when its next hop has no room any more, and is listed there', async () => {
    const bounded = await node.addBoundedPeer('test.bounded', 1_005_000n)
    node.answerAsPeer = late
    expect((await node.sendFrom(node.alice, { destination: 'test.bounded', amount: 4_000n })).type).toBe('fulfill')
    await node.confirmations.onIdle()
    expect(await node.gains(node.alice, bounded)).toEqual([-4_000n, 4_000n])
    node.answerAsPeer = async () => {
      await late()
      await node.move(node.alice, bounded, 1_000n)
      return fulfilled
    }
    await node.sendFrom(node.alice, { destination: 'test.bounded', amount: 1_000n, data: Buffer.from('second') })
    await node.confirmations.onIdle()
    expect(await node.gains(node.alice, bounded)).toEqual([-6_000n, 5_000n])
    expect(await node.held(shortfallAccount(node.usd).id)).toBe(1_000n)
    expect(node.differences).toMatchObject([{ kind: 'beyond-maximum', peerId: bounded.id, amount: 1_000n }])
  })

  it('is charged once when its bytes come again, and not sent again', async () => {
    node.answerAsPeer = late
    const bytes = bytesOf({ expiresAt: new Date(NOW_MS + HOUR_MS) })
    await fromAlice(bytes)
    await node.confirmations.onIdle()
    await expect(node.restarted().sendBytes(peerAccount(node.alice), bytes)).rejects.toThrow(Unanswered)
    expect(node.sent).toHaveLength(1)
    expect(await node.gains(node.alice, node.bob)).toEqual([-10_000n, 10_000n])
  })

  it('is charged once by two processes at the same time', async () => {
    node.answerAsPeer = late
    const [one, two] = [node.lateCharges, node.lateCharges]
    const charge = vi.spyOn(node.lateCharges, 'charge')
    await node.sendFrom(node.alice)
    await node.confirmations.onIdle()
    const [fulfilledCharge] = charge.mock.calls[0] ?? []
    if (fulfilledCharge === undefined) throw new Error('it was charged late')
    await Promise.all([one.charge(fulfilledCharge), two.charge(fulfilledCharge)])
    expect(await node.gains(node.alice, node.bob)).toEqual([-10_000n, 10_000n])
  })
})

describe('what is refused', () => {
  it.each([
    ['expired', { expiresAt: new Date(NOW_MS) }, 'R02'],
    ['without a message window', { expiresAt: new Date(NOW_MS + 1_999) }, 'R02'],
    ['without a route', { destination: 'test.nobody' }, 'F02'],
  ])('%s leaves nothing in the ledger', async (_, change, code) => {
    const reserve = vi.spyOn(node.ledger, 'reserve')
    for (let number = 0; number < 30; number++) {
      expect(await node.sendFrom(node.alice, { ...change, data: Buffer.from(`${number}`) })).toMatchObject({ code })
    }
    expect(reserve).not.toHaveBeenCalled()
    expect(await node.ledger.statement(idFromUuid(node.alice.id), { limit: 10 })).toHaveLength(1)
  })

  it('since nothing can be sent there leaves nothing in the ledger', async () => {
    const reserve = vi.spyOn(node.ledger, 'reserve')
    node.obstacle = 'it failed several times in a row'
    expect(await node.sendFrom(node.alice)).toMatchObject({ code: 'T01' })
    expect(reserve).not.toHaveBeenCalled()
  })
})

describe('a reservation of which the ledger said nothing', () => {
  it('is given back also when it is made after the look for it', async () => {
    const reserve = node.ledger.reserve.bind(node.ledger)
    let apply: () => Promise<unknown> = async () => undefined
    vi.spyOn(node.ledger, 'reserve').mockImplementation(async (...made) => {
      apply = () => reserve(...made)
      return { kind: 'unknown', message: 'no answer in time' }
    })
    await expect(fromAlice(bytesOf())).rejects.toThrow(Unanswered)
    // The server was held up, and applies now what it had been sent.
    await apply()
    await vi.waitFor(async () => expect(await node.openReservations()).toBe(0), { timeout: 1_500 })
  })
})
