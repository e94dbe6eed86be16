import { fulfill } from '@kivuko/ilp'
import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import { AbandonedReservations } from './abandoned-reservations.js'
import type { BookDifference } from './book-differences.js'
import { peerAccount } from './peer-account.js'
import { bytesOf, replied, TestConnector } from './testing/test-connector.js'
import { FULFILLMENT } from './testing/test-receiver.js'
import { Unanswered } from './unanswered.js'

let node: TestConnector

beforeEach(async () => {
  node = await TestConnector.open()
})
afterEach(() => {
  vi.useRealTimers()
})

it('lists what was sent to a next hop that has been deleted since, before it is given back', async () => {
  node.answerAsPeer = () => new Promise(() => undefined)
  void node.sendFrom(node.alice)
  await vi.waitFor(() => expect(node.sent).toHaveLength(1))
  node.clock.advance(30_000)
  const { ledger, confirmations, clock, logger } = node
  const differences: BookDifference[] = []
  let gone: () => void = () => undefined
  const abandoned = new AbandonedReservations({
    ...{ ledger, confirmations, clock, logger },
    differences: { note: async (one) => void differences.push(one) },
    processes: { ownId: 2, isGone: () => true, onGone: (listener) => (gone = listener) },
    peers: { find: (id) => (id === node.alice.id ? node.alice : undefined) },
    ...{ maxHoldTimeMs: 30_000, timeoutSeconds: 40, ledgerOutageSeconds: 60 },
  })
  abandoned.start()
  gone()
  await vi.waitFor(async () => expect(await node.openReservations()).toBe(0))
  await abandoned.close()
  expect(differences).toMatchObject([{ kind: 'abandoned', peerId: node.bob.id, amount: 10_000n }])
})

it('lists a charged packet whose answer is gone also when its next hop has been deleted', async () => {
  node.answerAsPeer = async () => replied(fulfill(FULFILLMENT))
  await node.sendFrom(node.alice)
  vi.spyOn(node.ledger, 'keptAnswer').mockResolvedValue(undefined)
  node.deletePeer(node.bob)
  await expect(node.restarted().sendBytes(peerAccount(node.alice), bytesOf())).rejects.toThrow(Unanswered)
  expect(node.differences).toMatchObject([{ kind: 'answer-gone', peerId: node.alice.id }])
})
