import { derivedIdAt } from '@kivuko/accounting'
import { describe, expect, test } from 'vitest'
import { accepted, Books, freshId, type LedgerSubject, refused, repeated } from './subject.js'

const FAR_MS = Date.UTC(2100, 0, 1)
const OVER_MS = Date.UTC(2020, 0, 1)
const ANSWER = Buffer.from('what the next hop said')

/** Of ledgers that outlive the process; another one has no need of them. */
export function keptAnswerPromises(subject: () => LedgerSubject): void {
  describe('answers kept with posts', () => {
    async function reserved(untilMs = FAR_MS) {
      const { ledger } = subject()
      const books = await Books.open(ledger)
      const [payer, payee] = [await books.account('debits', 100n), await books.account('debits')]
      const legs = [1n, 2n].map((amount) => books.leg(payer, payee, amount, derivedIdAt(untilMs, freshId())))
      await ledger.reserve(legs, 600)
      return { ledger, books, payer, payee, ids: legs.map(({ id }) => id), id: legs[0]?.id ?? 0n }
    }

    test('an answer is found under the first id of its post', async () => {
      const { ledger, ids, id } = await reserved()
      expect(await ledger.post(ids, ANSWER)).toEqual(accepted)
      expect(await ledger.keptAnswer(id)).toEqual(ANSWER)
      expect(await ledger.keptAnswer(ids[1] ?? 0n)).toBeUndefined()
    })

    test('a post that is repeated with another answer changes nothing', async () => {
      const { ledger, ids, id } = await reserved()
      await ledger.post(ids, ANSWER)
      expect(await ledger.post(ids, Buffer.from('another'))).toEqual(repeated)
      expect(await ledger.keptAnswer(id)).toEqual(ANSWER)
    })

    test('a long answer, and one without a byte, are kept as they are', async () => {
      for (const answer of [Buffer.alloc(33_000, 7), Buffer.alloc(0)]) {
        const { ledger, ids, id } = await reserved()
        await ledger.post(ids, answer)
        expect(await ledger.keptAnswer(id)).toEqual(answer)
      }
    })

    test('nothing is found of a post without an answer, or of one whose time is over', async () => {
      const { ledger, ids, id } = await reserved()
      await ledger.post(ids)
      expect(await ledger.keptAnswer(id)).toBeUndefined()
      const over = await reserved(OVER_MS)
      expect(await ledger.post(over.ids, ANSWER)).toEqual(accepted)
      expect(await ledger.keptAnswer(over.id)).toBeUndefined()
    })

    test('answers are kept of posts that come together with what is refused', async () => {
      const { ledger, books, payer, payee, ids, id } = await reserved()
      const [refusal, posted] = await Promise.all([
        ledger.transfer([books.leg(payer, payee, 1_000n)]),
        ledger.post(ids, ANSWER),
      ])
      expect([refusal, posted]).toEqual([refused('insufficient-funds'), accepted])
      expect(await ledger.keptAnswer(id)).toEqual(ANSWER)
    })
  })

  describe('reservations with a timeout', () => {
    test('are listed page by page while they are open, those without a timeout and those made before left out', async () => {
      const { ledger, expire } = subject()
      const books = await Books.open(ledger)
      const [payer, payee] = [await books.account('debits', 100n), await books.account('debits')]
      const legs = [1n, 2n, 3n, 4n, 5n].map((amount) => books.leg(payer, payee, amount))
      const [first, second, posted, expired, untimed] = legs
      if (!first || !second || !posted || !expired || !untimed) throw new Error('five legs were made')
      await ledger.reserve([first, second, posted], 600)
      await ledger.reserve([expired], 1)
      await ledger.reserve([untimed], 0)
      await ledger.post([posted.id])
      await expire([expired.id])
      const madeSince = (await ledger.lookup([first.id])).get(first.id)?.createdAt ?? new Date(0)
      const own = new Set(legs.map(({ id }) => id))
      const listed: bigint[] = []
      for (let after: bigint | undefined; ; ) {
        const page = await ledger.timedReservations({ limit: 1, after, madeSince })
        listed.push(...page.map(({ id }) => id).filter((id) => own.has(id)))
        after = page.at(-1)?.id
        if (after === undefined) break
      }
      expect(new Set(listed)).toEqual(new Set([first.id, second.id]))
      const later = new Date(madeSince.getTime() + 3_600_000)
      expect(await ledger.timedReservations({ limit: 10, madeSince: later })).toEqual([])
    })
  })
}
