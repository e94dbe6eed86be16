import type { Outcome } from '@kivuko/accounting'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { times } from '../../../harness/run-form.js'
import { runSeed } from '../../../harness/seed.js'
import { random } from '../../../harness/tries.js'
import type { LedgerAdapter, LedgerSubject } from '../subject.js'
import { runSequence } from './sequence.js'

const OPERATIONS = 500
const AT_ONCE = 10
const LEAST_ACCEPTED = 0.6
const LEAST_OF_EACH = 50
// Every refusal that a ledger may give for what these sequences ask.
const REFUSALS = [
  'invalid-chain',
  'invalid-id',
  'repeated-id',
  'invalid-amount',
  'invalid-ledger',
  'invalid-code',
  'invalid-timeout',
  'invalid-reference',
  'same-accounts',
  'exists-with-different-content',
  'unknown-debit-account',
  'unknown-credit-account',
  'different-ledgers',
  'insufficient-funds',
  'insufficient-room',
  'unknown-account',
  'no-maximum',
  'unknown-reservation',
  'already-posted',
  'already-voided',
  'expired',
] as const

/** Random sequences, several at a time on one ledger, compared with the model step by step. */
export function ledgerProperties(adapter: LedgerAdapter): void {
  describe(`the ${adapter.name} ledger behaves as its model`, random, () => {
    let standing: LedgerSubject | undefined
    beforeAll(async () => {
      if (adapter.concurrent) standing = await adapter.open()
    })
    afterAll(() => standing?.close())

    test('in random sequences', { timeout: 1_800_000 }, async () => {
      const counts = new Map<string, number>()
      const count = (outcome: Outcome) => {
        const kind = outcome.kind === 'refused' ? outcome.refusal : outcome.kind
        counts.set(kind, (counts.get(kind) ?? 0) + 1)
      }
      const seeds = Array.from({ length: times(40, 1_000) }, (_, n) => runSeed() + n)
      const runNext = async () => {
        for (let seed = seeds.pop(); seed !== undefined; seed = seeds.pop()) {
          const subject = standing ?? (await adapter.open())
          await runSequence(subject, seed, OPERATIONS, count)
        }
      }
      await Promise.all(Array.from({ length: AT_ONCE }, runNext))
      const total = [...counts.values()].reduce((sum, n) => sum + n, 0)
      console.log(
        `${adapter.name}: seeds from ${runSeed()}, ${total} operations: ${JSON.stringify(Object.fromEntries(counts))}`,
      )
      expect((counts.get('accepted') ?? 0) / total).toBeGreaterThanOrEqual(LEAST_ACCEPTED)
      for (const refusal of REFUSALS) {
        expect(counts.get(refusal) ?? 0, refusal).toBeGreaterThanOrEqual(LEAST_OF_EACH)
      }
      expect(counts.get('unknown') ?? 0).toBe(0)
    })
  })
}
