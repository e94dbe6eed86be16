import { shortfallAccount } from '@kivuko/accounting'
import { fulfill } from '@kivuko/ilp'
import { beforeEach, expect, it, vi } from 'vitest'
import { LateCharges } from './late-charges.js'
import { replied, TestConnector } from './testing/test-connector.js'
import { FULFILLMENT } from './testing/test-receiver.js'

let node: TestConnector

beforeEach(async () => {
  node = await TestConnector.open()
})

/** As TigerBeetle does: an id that was refused once is refused for ever. */
function rememberRefusedIds(): void {
  const transfer = node.ledger.transfer.bind(node.ledger)
  const refusedIds = new Set<bigint>()
  vi.spyOn(node.ledger, 'transfer').mockImplementation(async (legs, untilMs) => {
    const leg = legs.findIndex(({ id }) => refusedIds.has(id))
    if (leg !== -1) return { kind: 'refused', leg, refusal: 'already-refused' }
    const outcome = await transfer(legs, untilMs)
    const refused = outcome.kind === 'refused' ? legs[outcome.leg] : undefined
    if (refused) refusedIds.add(refused.id)
    return outcome
  })
}

it.each([
  ['forgets refused ids', () => undefined],
  ['remembers refused ids', rememberRefusedIds],
])('many packets of a source with too little money are all charged by a ledger that %s', async (_, prepare) => {
  const holder = await node.openPayment()
  const packets = 20
  let left = packets
  let letGo: () => void = () => undefined
  const allSent = new Promise<void>((resolve) => {
    letGo = resolve
  })
  node.answerAsPeer = async () => {
    left -= 1
    if (left === 0) {
      node.clock.advance(100_000)
      await node.move(node.alice, holder, 950_500n)
      prepare()
      letGo()
    }
    await allSent
    return replied(fulfill(FULFILLMENT))
  }
  const replies = await Promise.all(
    Array.from({ length: packets }, (_, number) => node.sendFrom(node.alice, { data: Buffer.from(`${number}`) })),
  )
  await node.confirmations.onIdle()
  expect(replies.map(({ type }) => type)).toEqual(replies.map(() => 'fulfill'))
  const [, bob] = await node.gains(node.alice, node.bob)
  expect(bob).toBe(200_000n)
})

it('a packet is charged where the funds of its source fall after each look and refused ids stay refused', async () => {
  const holder = await node.openPayment()
  node.answerAsPeer = async () => {
    node.clock.advance(100_000)
    await node.move(node.alice, holder, 996_000n)
    rememberRefusedIds()
    const balances = node.ledger.balances.bind(node.ledger)
    // Other packets of the source go on.
    vi.spyOn(node.ledger, 'balances').mockImplementation(async (ids) => {
      const found = await balances(ids)
      await node.move(node.alice, holder, 1n)
      return found
    })
    return replied(fulfill(FULFILLMENT))
  }
  expect((await node.sendFrom(node.alice)).type).toBe('fulfill')
  await node.confirmations.onIdle()
  expect(await node.gains(node.bob)).toEqual([10_000n])
})

it('no shortfall is paid before it is listed: a process may be killed in between', async () => {
  const holder = await node.openPayment()
  node.answerAsPeer = async () => {
    node.clock.advance(100_000)
    await node.move(node.alice, holder, 996_000n)
    return replied(fulfill(FULFILLMENT))
  }
  const charge = vi.spyOn(node.lateCharges, 'charge').mockResolvedValue(undefined)
  await node.sendFrom(node.alice)
  const [fulfilled] = charge.mock.calls[0] ?? []
  if (fulfilled === undefined) throw new Error('it was charged late')
  // The process that charges it is killed while its row is written: nothing has moved by then.
  const note = vi.fn(() => new Promise<void>(() => undefined))
  void new LateCharges(node.ledger, { note }, node.logger).charge(fulfilled)
  const shortfallId = shortfallAccount(node.usd).id
  await vi.waitFor(() => expect(note).toHaveBeenCalled())
  expect(await node.held(shortfallId)).toBe(0n)
  charge.mockRestore()
  await node.lateCharges.charge(fulfilled)
  expect(await node.held(shortfallId)).toBe(-6_000n)
  expect(node.differences).toMatchObject([{ kind: 'shortfall', amount: 6_000n }])
})
