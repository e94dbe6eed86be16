import { idFromUuid, type Outcome } from '@kivuko/accounting'
import { fulfill, reject } from '@kivuko/ilp'
import { beforeEach, describe, expect, it, vi } from 'vitest'
import type { Delivery } from '../deliver.js'
import { peerAccount } from '../peer-account.js'
import { bytesOf, replied, TestConnector } from '../testing/test-connector.js'
import { FULFILLMENT } from '../testing/test-receiver.js'
import { Unanswered } from '../unanswered.js'

let node: TestConnector

beforeEach(async () => {
  node = await TestConnector.open()
})

const refusedByPeer = async () => replied(reject('T04', 'test.bob', 'no funds'))

describe('a packet to a peer', () => {
  it('is charged when it is fulfilled', async () => {
    expect((await node.sendFrom(node.alice)).type).toBe('fulfill')
    expect(await node.gains(node.alice, node.bob)).toEqual([-10_000n, 10_000n])
    expect(await node.openReservations()).toBe(0)
  })

  it('is reserved while the peer has it', async () => {
    let whileAway: bigint[] = []
    node.answerAsPeer = async () => {
      whileAway = await node.gains(node.alice, node.bob)
      return replied(fulfill(FULFILLMENT))
    }
    await node.sendFrom(node.alice)
    expect(whileAway).toEqual([-10_000n, 0n])
  })

  it('costs nothing when it is rejected', async () => {
    node.answerAsPeer = refusedByPeer
    expect(await node.sendFrom(node.alice)).toMatchObject({ code: 'T04', triggeredBy: 'test.bob' })
    expect(await node.gains(node.alice, node.bob)).toEqual([0n, 0n])
    expect(await node.openReservations()).toBe(0)
  })

  it('costs nothing when its fulfillment is wrong', async () => {
    node.answerAsPeer = async () => replied(fulfill(Buffer.alloc(32)))
    expect(await node.sendFrom(node.alice)).toMatchObject({
      code: 'F05',
      message: 'fulfillment did not match expected value.',
    })
    expect(await node.gains(node.alice, node.bob)).toEqual([0n, 0n])
    expect(await node.openReservations()).toBe(0)
  })

  it('is answered T00, and its reservation voided, when a step throws', async () => {
    node.answerAsPeer = () => {
      throw new TypeError('a bug')
    }
    expect(await node.sendFrom(node.alice)).toMatchObject({ code: 'T00', message: 'internal error, try again later' })
    expect(await node.gains(node.alice)).toEqual([0n])
    expect(await node.openReservations()).toBe(0)
  })

  it('goes through both asset accounts when the assets differ', async () => {
    await node.sendFrom(node.alice, { destination: 'test.emma' })
    // 100.00 USD × 0.90 = 90.00 EUR: the node takes dollars and gives euros from its own liquidity.
    expect(await node.gains(node.alice, node.usd, node.eur, node.emma)).toEqual([-10_000n, 10_000n, -9_000n, 9_000n])
  })

  it('is refused with T04, and not sent, when the source lacks the money', async () => {
    const reply = await node.sendFrom(node.alice, { amount: 1_000_001n })
    expect(reply).toMatchObject({
      code: 'T04',
      triggeredBy: 'test.kivuko',
      message: 'insufficient balance of the source account.',
    })
    expect(node.sent).toEqual([])
  })

  it('is refused with T04 when the node lacks liquidity in the other asset', async () => {
    await node.sendFrom(node.alice, { destination: 'test.emma', amount: 1_000_000n })
    const richer = await node.addPeer({
      ...node.alice,
      id: node.bob.id.replace(/^0/, '1'),
      staticIlpAddress: 'test.rich',
    })
    const reply = await node.sendFrom(richer, { destination: 'test.emma', amount: 200_000n })
    expect(reply).toMatchObject({ code: 'T04', message: 'insufficient liquidity in the destination asset.' })
    expect(await node.gains(richer)).toEqual([0n])
  })

  it('of amount 0 passes without the ledger', async () => {
    const reserve = vi.spyOn(node.ledger, 'reserve')
    expect((await node.sendFrom(node.alice, { amount: 0n })).type).toBe('fulfill')
    expect(reserve).not.toHaveBeenCalled()
    expect(node.sent).toHaveLength(1)
  })

  it('carries the payment it belongs to as the reference of its legs', async () => {
    const payment = await node.openPayment()
    await node.sendFrom(payment)
    const [transfer] = await node.ledger.statement(payment.accountId, { limit: 1 })
    expect(transfer).toMatchObject({ amount: 10_000n, reference: payment.accountId, state: 'posted' })
  })
})

describe('the same bytes from the same source', () => {
  it('are charged and sent once, and answered alike, after the first are done', async () => {
    const bytes = bytesOf()
    await node.sendBytes(peerAccount(node.alice), bytes)
    const again = await node.restarted().sendBytes(peerAccount(node.alice), bytes)
    expect(again).toMatchObject({ type: 'fulfill', fulfillment: FULFILLMENT })
    expect(await node.gains(node.alice, node.bob)).toEqual([-10_000n, 10_000n])
    expect(node.sent).toHaveLength(1)
  })

  it('are a packet of its own when they come from another source', async () => {
    const bytes = bytesOf({ destination: 'test.emma' })
    await node.sendBytes(peerAccount(node.alice), bytes)
    await node.sendBytes(peerAccount(node.bob), bytes)
    expect(await node.gains(node.alice, node.bob)).toEqual([-10_000n, -10_000n])
  })

  it('are answered as they were, and not sent again, also when the rate has changed', async () => {
    const bytes = bytesOf({ destination: 'test.emma' })
    await node.sendBytes(peerAccount(node.alice), bytes)
    vi.spyOn(node.rates, 'peek').mockReturnValue({ numerator: 1n, denominator: 2n })
    expect((await node.restarted().sendBytes(peerAccount(node.alice), bytes)).type).toBe('fulfill')
    expect(node.sent).toHaveLength(1)
    expect(await node.gains(node.alice, node.emma)).toEqual([-10_000n, 9_000n])
  })

  it('finish what was left pending by a process that ended', async () => {
    const bytes = bytesOf()
    vi.spyOn(node.confirmations, 'post').mockResolvedValueOnce()
    await node.sendBytes(peerAccount(node.alice), bytes)
    expect(await node.openReservations()).toBe(1)
    await node.restarted().sendBytes(peerAccount(node.alice), bytes)
    expect(await node.openReservations()).toBe(0)
    expect(await node.gains(node.alice, node.bob)).toEqual([-10_000n, 10_000n])
  })

  it('are refused, and not charged, when they were rejected before', async () => {
    const bytes = bytesOf()
    node.answerAsPeer = refusedByPeer
    await node.sendBytes(peerAccount(node.alice), bytes)
    const again = await node.sendBytes(peerAccount(node.alice), bytes)
    expect(again).toMatchObject({ code: 'T00', message: 'the same packet came before (voided): send a new one' })
    expect(node.sent).toHaveLength(1)
  })

  it('do not go another way than before: that would pay two for one charge', async () => {
    const bytes = bytesOf()
    await node.sendBytes(peerAccount(node.alice), bytes)
    const other = await node.addPeer({ ...node.bob, id: node.bob.id.replace(/^0/, '1') })
    node.routing.removePeer(node.bob.id)
    const again = await node.restarted().sendBytes(peerAccount(node.alice), bytes)
    expect(again).toMatchObject({ type: 'fulfill', fulfillment: FULFILLMENT })
    expect(node.sent).toHaveLength(1)
    expect(await node.gains(other)).toEqual([0n])
  })
})

describe('a next hop that does not answer', () => {
  it('is listed once it can answer no more, and what was reserved is given back', async () => {
    node.chargesRepeatsOnce = false
    node.answerAsPeer = async () => ({ kind: 'lost', message: 'ECONNRESET' })
    const reply = await node.sendFrom(node.alice, { expiresAt: new Date(node.clock.nowMs() + 2_015) })
    expect(reply).toMatchObject({ code: 'R00', message: 'packet expired.' })
    await vi.waitFor(async () => expect(await node.openReservations()).toBe(0))
    expect(node.differences).toMatchObject([
      { kind: 'released', peerId: node.bob.id, sourcePeerId: node.alice.id, amount: 10_000n },
    ])
    expect(await node.gains(node.alice)).toEqual([0n])
  })

  it('keeps what was reserved as long as that cannot be listed', async () => {
    node.chargesRepeatsOnce = false
    node.answerAsPeer = async () => ({ kind: 'lost', message: 'ECONNRESET' })
    const note = vi.spyOn(node.differences, 'push').mockImplementationOnce(() => {
      throw new Error('the database is away')
    })
    const voided = vi.spyOn(node.ledger, 'void')
    await node.sendFrom(node.alice, { expiresAt: new Date(node.clock.nowMs() + 2_015) })
    await vi.waitFor(() => expect(note).toHaveBeenCalledTimes(1))
    expect(voided).not.toHaveBeenCalled()
    await vi.waitFor(async () => expect(await node.openReservations()).toBe(0), 5_000)
    expect(node.differences).toHaveLength(1)
  })

  it("keeps our own payment's reservation until someone knows what arrived", async () => {
    node.answerAsPeer = async () => ({ kind: 'lost', message: 'ECONNRESET' })
    const payment = await node.openPayment()
    await node.sendFrom(payment, { expiresAt: new Date(node.clock.nowMs() + 2_015) })
    node.clock.advance(86_400_000)
    expect(await node.openReservations()).toBe(1)
    expect(await node.gains(payment)).toEqual([-10_000n])
  })
})

describe('a ledger that does not answer', () => {
  const silence: Outcome = { kind: 'unknown', message: 'no answer within 5 s' }

  it('is asked to reserve again, with the same ids', async () => {
    vi.spyOn(node.ledger, 'reserve').mockResolvedValueOnce(silence).mockResolvedValueOnce(silence)
    expect((await node.sendFrom(node.alice)).type).toBe('fulfill')
    expect(await node.gains(node.alice, node.bob)).toEqual([-10_000n, 10_000n])
  })

  it('leaves the packet unanswered when it stays silent, and frees what it has reserved', async () => {
    const reserve = node.ledger.reserve.bind(node.ledger)
    vi.spyOn(node.ledger, 'reserve').mockImplementation(async (legs, timeoutSeconds) => {
      await reserve(legs, timeoutSeconds)
      return silence
    })
    await expect(node.sendFrom(node.alice)).rejects.toThrow(Unanswered)
    expect(node.sent).toEqual([])
    await node.confirmations.onIdle()
    expect(await node.openReservations()).toBe(0)
    expect(node.differences).toEqual([])
  })

  it('takes nothing from another process that has reserved the same bytes', async () => {
    const bytes = bytesOf()
    let answer: (delivery: Delivery) => void = () => undefined
    node.answerAsPeer = () => new Promise((resolve) => (answer = resolve))
    const first = node.sendBytes(peerAccount(node.alice), bytes)
    await vi.waitFor(() => expect(node.sent).toHaveLength(1))
    vi.spyOn(node.ledger, 'reserve').mockResolvedValue(silence)
    await expect(node.inAnotherProcess().sendBytes(peerAccount(node.alice), bytes)).rejects.toThrow(Unanswered)
    expect(await node.openReservations()).toBe(1)
    answer(replied(fulfill(FULFILLMENT)))
    expect((await first).type).toBe('fulfill')
    expect(await node.gains(node.alice, node.bob)).toEqual([-10_000n, 10_000n])
  })

  it('is asked to post again while the sender has its answer in time', async () => {
    vi.spyOn(node.ledger, 'post').mockResolvedValueOnce(silence).mockRejectedValueOnce(new Error('connection lost'))
    expect((await node.sendFrom(node.alice, { expiresAt: new Date(node.clock.nowMs() + 2_600) })).type).toBe('fulfill')
    await node.confirmations.onIdle()
    expect(await node.gains(node.alice, node.bob)).toEqual([-10_000n, 10_000n])
    expect(await node.metrics.text()).toMatch(/unconfirmed_ledger_calls\{verb="post",result="retried".*\} 1/)
  })

  it('does not hold back a fulfill beyond its expiry', async () => {
    vi.spyOn(node.ledger, 'post').mockReturnValue(new Promise(() => undefined))
    const reply = node.sendFrom(node.alice, { expiresAt: new Date(node.clock.nowMs() + 2_001) })
    expect((await reply).type).toBe('fulfill')
  })

  it('is waited for when the packet expires in a hundred years', async () => {
    const post = node.ledger.post.bind(node.ledger)
    vi.spyOn(node.ledger, 'post').mockImplementation(async (ids) => {
      await new Promise((resolve) => setTimeout(resolve, 20))
      return post(ids)
    })
    await node.sendFrom(node.alice, { expiresAt: new Date('2130-01-01T00:00:00Z') })
    expect(await node.openReservations()).toBe(0)
  })

  it('charges what was fulfilled after its reservation has ended, under an id of its own', async () => {
    node.answerAsPeer = async () => {
      node.clock.advance(100_000)
      return replied(fulfill(FULFILLMENT))
    }
    await node.sendFrom(node.alice)
    await node.confirmations.onIdle()
    expect(await node.gains(node.alice, node.bob)).toEqual([-10_000n, 10_000n])
    expect(node.differences).toEqual([])
    expect(await node.metrics.text()).toMatch(/unconfirmed_ledger_calls\{verb="post",result="refused".*\} 1/)
  })
})

describe("a quote's packets", () => {
  it('touch no ledger on their way to a peer', async () => {
    const reserve = vi.spyOn(node.ledger, 'reserve')
    node.answerAsPeer = async () => replied(reject('F05', 'test.bob', 'a probe', Buffer.from('what arrived')))
    const quote = await node.openPayment({ unfulfillable: true, accountId: idFromUuid(node.alice.id) })
    const reply = await node.sendFrom(quote, { amount: 10n ** 12n, executionCondition: Buffer.alloc(32, 1) })
    expect(reply).toMatchObject({ code: 'F05', data: Buffer.from('what arrived') })
    expect(reserve).not.toHaveBeenCalled()
  })

  it('are never answered with a fulfill: nobody would be charged', async () => {
    const quote = await node.openPayment({ unfulfillable: true })
    expect(await node.sendFrom(quote)).toMatchObject({ code: 'T00' })
  })
})
