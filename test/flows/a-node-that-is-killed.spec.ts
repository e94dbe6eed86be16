import { afterAll, describe, expect, it } from 'vitest'
import { startWithBank } from '../harness/bank-peer.js'
import { ended } from '../harness/network.js'
import { waitFor } from '../harness/wait-for.js'

/** A dead worker's lease lasts half a minute, and a packet of unknown end 20 seconds. */
const DEADLINE_MS = 100_000

const { node, alice, bank, close } = await startWithBank({ name: 'a', ownProcess: true })
afterAll(close)

describe('a node that is killed in the middle of a payment', () => {
  it.each(['packets', 'answers'] as const)(
    'finishes it after its next start, and pays once: %s were being lost',
    async (lost) => {
      const receiver = bank.openIncomingPayment(1_000n)
      const quote = await node.admin.createQuote({ walletAddressId: alice.walletAddressId, receiver })
      bank.losing = lost
      bank.connectionsCut = 0
      const { id } = await node.admin.createOutgoingPayment(alice.walletAddressId, quote.id)
      await waitFor('connections are being cut', () => bank.connectionsCut > 0)
      await node.kill()
      bank.losing = 'nothing'
      await node.startAgain()
      const payment = await ended(node, id, DEADLINE_MS)
      expect(payment).toMatchObject({ state: 'COMPLETED', sentAmount: { value: 1_000n } })
      expect(bank.received(receiver)).toBe(1_000n)
      expect((await node.audit()).findings).toEqual([])
    },
    120_000,
  )
})
