import { fulfill, reject } from '@kivuko/ilp'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { Delivery } from './deliver.js'
import { peerAccount } from './peer-account.js'
import { bytesOf, LOCAL_ADDRESS, replied, TestConnector } from './testing/test-connector.js'
import { CONDITION, FULFILLMENT } from './testing/test-receiver.js'

const outcomes: Readonly<Record<string, () => Delivery>> = {
  fulfills: () => replied(fulfill(FULFILLMENT)),
  rejects: () => replied(reject('T04', 'test.bob', 'no funds')),
  'fulfills wrongly': () => replied(fulfill(Buffer.alloc(32))),
  'cannot be reached': () => ({ kind: 'refused', message: 'ECONNREFUSED' }),
  'has a bug': () => {
    throw new Error('a bug')
  },
}

const packets = fc.array(
  fc.record({
    from: fc.constantFrom('alice' as const, 'bob' as const, 'emma' as const),
    destination: fc.constantFrom('test.alice', 'test.bob', 'test.emma', LOCAL_ADDRESS, 'test.nobody', 'peer.config'),
    amount: fc.oneof(fc.bigInt({ min: 0n, max: 400_000n }), fc.bigInt({ min: 0n, max: 2n ** 64n - 1n })),
    isFulfillable: fc.boolean(),
    outcome: fc.constantFrom(...Object.keys(outcomes)),
    repeats: fc.nat(2),
  }),
  { maxLength: 25 },
)

describe('any mix of packets at once', () => {
  it('makes and loses no money, leaves nothing reserved, and moves exactly what was fulfilled', async () => {
    await fc.assert(
      fc.asyncProperty(packets, async (list) => {
        const node = await TestConnector.open()
        node.answerAsPeer = async (_peer, prepare) => outcomeOf(prepare.data)
        const charged = { alice: 0n, bob: 0n, emma: 0n }
        const sending = list.flatMap(({ from, destination, amount, isFulfillable, outcome, repeats }, index) => {
          const executionCondition = isFulfillable ? CONDITION : Buffer.alloc(32)
          const bytes = bytesOf({ amount, destination, executionCondition, data: Buffer.from(`${outcome}#${index}`) })
          const source = peerAccount(node[from])
          const replies = Array.from({ length: repeats + 1 }, () => node.sendBytes(source, bytes))
          return [Promise.all(replies).then((all) => ({ from, amount, isFulfilled: all[0]?.type === 'fulfill', all }))]
        })
        for (const { from, amount, isFulfilled, all } of await Promise.all(sending)) {
          expect(new Set(all.map(({ type }) => type)).size).toBe(1)
          if (isFulfilled) charged[from] += amount
        }
        const totals = await node.ledger.totals()
        for (const { debitsPosted, creditsPosted } of totals) expect(debitsPosted).toBe(creditsPosted)
        expect(await node.openReservations()).toBe(0)
        expect(await debitsOf(node)).toEqual(charged)
      }),
      { numRuns: 60 },
    )
  })
})

function outcomeOf(marker: Buffer): Delivery {
  const outcome = outcomes[marker.toString().split('#')[0] ?? '']
  if (!outcome) throw new Error(`no outcome is named by "${marker}"`)
  return outcome()
}

async function debitsOf(node: TestConnector): Promise<Record<string, bigint>> {
  const peers = [node.alice, node.bob, node.emma]
  const balances = await node.ledger.balances(peers.map((peer) => peerAccount(peer).accountId))
  return Object.fromEntries(peers.map((peer) => [peer.name, balances.get(peerAccount(peer).accountId)?.debitsPosted]))
}
