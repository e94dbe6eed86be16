import { fulfill, reject } from '@kivuko/ilp'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import type { Delivery } from '../deliver.js'
import { NOW_MS, replied, TestConnector } from '../testing/test-connector.js'
import { FULFILLMENT } from '../testing/test-receiver.js'

let node: TestConnector
let answer: (delivery: Delivery) => void

beforeEach(async () => {
  node = await TestConnector.open()
  node.answerAsPeer = () =>
    new Promise((resolve) => {
      answer = resolve
    })
  vi.useFakeTimers()
})
afterEach(() => {
  // First: what watches a timer's function stands in its place.
  vi.restoreAllMocks()
  vi.useRealTimers()
})

const expiresAt = new Date(NOW_MS + 5_000)

describe('a packet whose next hop is slow', () => {
  it('is answered R00 when the expiry of the next link has come, one message window before its own', async () => {
    const reply = node.sendFrom(node.alice, { expiresAt })
    let isAnswered = false
    void reply.then(() => {
      isAnswered = true
    })
    await vi.advanceTimersByTimeAsync(3_999)
    expect(isAnswered).toBe(false)
    await vi.advanceTimersByTimeAsync(1)
    expect(await reply).toMatchObject({ code: 'R00', triggeredBy: 'test.kivuko', message: 'packet expired.' })
  })

  it('leaves no timer behind when it is answered in time', async () => {
    const [made, cleared] = [vi.spyOn(globalThis, 'setTimeout'), vi.spyOn(globalThis, 'clearTimeout')]
    const reply = node.sendFrom(node.alice, { expiresAt })
    await vi.advanceTimersByTimeAsync(10)
    answer(replied(fulfill(FULFILLMENT)))
    await reply
    const ofItsExpiry = made.mock.calls.findIndex(([, ms]) => ms === 4_000)
    expect(cleared).toHaveBeenCalledWith(made.mock.results[ofItsExpiry]?.value)
    expect(ofItsExpiry).not.toBe(-1)
  })

  it('is not charged to a peer by a fulfill that comes too late', async () => {
    const reply = node.sendFrom(node.alice, { expiresAt })
    await vi.advanceTimersByTimeAsync(4_000)
    await reply
    answer(replied(fulfill(FULFILLMENT)))
    await vi.advanceTimersByTimeAsync(100)
    node.clock.advance(41_000)
    expect(await node.gains(node.alice, node.bob)).toEqual([0n, 0n])
    expect(await node.metrics.text()).toMatch(new RegExp(`late_ilp_fulfills\\{account="${node.bob.id}".*\\} 1`))
  })

  it('is charged to our own payment by a late fulfill, which proves that it arrived', async () => {
    const payment = await node.openPayment()
    const reply = node.sendFrom(payment, { expiresAt })
    await vi.advanceTimersByTimeAsync(4_000)
    expect(await reply).toMatchObject({ code: 'R00' })
    answer(replied(fulfill(FULFILLMENT)))
    await vi.advanceTimersByTimeAsync(100)
    expect(await node.gains(payment, node.bob)).toEqual([-10_000n, 10_000n])
    expect(await node.openReservations()).toBe(0)
  })

  it.each(['peer', 'payment'])(
    'frees the money of a %s when a late reject proves that nothing was taken',
    async (kind) => {
      const source = kind === 'peer' ? node.alice : await node.openPayment()
      const reply = node.sendFrom(source, { expiresAt })
      await vi.advanceTimersByTimeAsync(4_000)
      await reply
      expect(await node.openReservations()).toBe(1)
      answer(replied(reject('T04', 'test.bob', 'late')))
      await vi.advanceTimersByTimeAsync(100)
      expect(await node.openReservations()).toBe(0)
      expect(await node.gains(source)).toEqual([0n])
    },
  )
})
