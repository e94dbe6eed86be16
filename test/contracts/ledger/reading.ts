import type { LedgerTransfer } from '@kivuko/accounting'
import { describe, expect, test } from 'vitest'
import { Books, freshId, type LedgerSubject } from './subject.js'

export function readingPromises(subject: () => LedgerSubject): void {
  describe('reading', () => {
    async function setUp() {
      const { ledger, expire } = subject()
      const books = await Books.open(ledger)
      const [a, b] = [await books.account('none'), await books.account('none')]
      return { ledger, expire, books, a, b }
    }

    test('a transfer is found as it was asked for', async () => {
      const { ledger, books, a, b } = await setUp()
      const leg = { ...books.leg(a, b, 12n), reference: 77n }
      await ledger.transfer([leg])
      const found = (await ledger.lookup([leg.id, freshId()])).get(leg.id)
      expect(found).toMatchObject({ ...leg, state: 'posted' })
      expect(found?.timeoutSeconds).toBeUndefined()
    })

    test('a reservation is found with its timeout and what became of it', async () => {
      const { ledger, expire, books, a, b } = await setUp()
      const legs = [1n, 2n, 3n, 4n].map((amount) => books.leg(a, b, amount))
      const [open, posted, voided, expired] = legs.map(({ id }) => id)
      if (!open || !posted || !voided || !expired) throw new Error('four legs were made')
      await ledger.reserve(legs.slice(0, 3), 600)
      await ledger.reserve(legs.slice(3), 1)
      await ledger.post([posted])
      await ledger.void([voided])
      await expire([expired])
      const found = await ledger.lookup(legs.map(({ id }) => id))
      const states = [open, posted, voided, expired].map((id) => found.get(id)?.state)
      expect(states).toEqual(['pending', 'posted', 'voided', 'expired'])
      const pending = found.get(open)
      const livesMs = (pending?.expiresAt?.getTime() ?? 0) - (pending?.createdAt.getTime() ?? 0)
      expect(livesMs).toBe(600_000)
    })

    test('nothing is found of a chain that was refused', async () => {
      const { ledger, books, a } = await setUp()
      const [paid, poor] = [books.leg(a, books.bank, 1n), books.leg(await books.account('debits'), a, 1n)]
      await ledger.transfer([paid, poor])
      expect((await ledger.lookup([paid.id, poor.id])).size).toBe(0)
    })

    test('a statement lists both sides, newest first', async () => {
      const { ledger, books, a, b } = await setUp()
      const legs = [books.leg(a, b, 1n), books.leg(b, a, 2n), books.leg(a, books.bank, 3n)]
      for (const leg of legs) await ledger.transfer([leg])
      await ledger.transfer([books.leg(b, books.bank, 4n)])
      const statement = await ledger.statement(a, { limit: 10 })
      expect(statement.map(({ amount }) => amount)).toEqual([3n, 2n, 1n])
    })

    test('a statement lists reservations once, with their state', async () => {
      const { ledger, books, a, b } = await setUp()
      const leg = books.leg(a, b, 5n)
      await ledger.reserve([leg], 30)
      expect(await ledger.statement(a, { limit: 10 })).toMatchObject([{ id: leg.id, state: 'pending' }])
      await ledger.post([leg.id])
      expect(await ledger.statement(a, { limit: 10 })).toMatchObject([{ id: leg.id, state: 'posted' }])
    })

    test('pages of a statement follow each other without gap or repetition', async () => {
      const { ledger, books, a, b } = await setUp()
      for (let n = 1n; n <= 7n; n++) await ledger.transfer([n % 2n === 0n ? books.leg(a, b, n) : books.leg(b, a, n)])
      const seen: LedgerTransfer[] = []
      for (;;) {
        const page = await ledger.statement(a, { limit: 3, before: seen.at(-1)?.position })
        expect(page.length).toBeLessThanOrEqual(3)
        if (page.length === 0) break
        seen.push(...page)
      }
      expect(seen.map(({ amount }) => amount)).toEqual([7n, 6n, 5n, 4n, 3n, 2n, 1n])
    })

    test('a statement of an account nobody opened is empty', async () => {
      expect(await subject().ledger.statement(freshId(), { limit: 5 })).toEqual([])
    })

    test('positions rise in the order in which transfers of an account were accepted', async () => {
      const { ledger, books, a, b } = await setUp()
      const first = books.leg(a, b, 1n, 2n ** 127n + BigInt(books.number))
      const second = books.leg(a, b, 1n, BigInt(books.number) << 20n)
      await ledger.transfer([first])
      await ledger.transfer([second])
      const found = await ledger.lookup([first.id, second.id])
      expect(found.get(second.id)?.position).toBeGreaterThan(found.get(first.id)?.position ?? 0n)
    })

    test('the accounts are listed in pages, each once', async () => {
      const { ledger, books, a, b } = await setUp()
      const seen: bigint[] = []
      for (;;) {
        const page = await ledger.accounts({ limit: 50, after: seen.at(-1) })
        if (page.length === 0) break
        seen.push(...page.map(({ id }) => id))
      }
      expect(new Set(seen).size).toBe(seen.length)
      expect(seen).toEqual(expect.arrayContaining([a, b, books.bank]))
    })

    test('an account is listed with its content and balance', async () => {
      const { ledger, books } = await setUp()
      const id = await books.account('both', 9n)
      let found = (await ledger.accounts({ limit: 1_000 })).find((account) => account.id === id)
      for (let after: bigint | undefined; found === undefined; ) {
        const page = await ledger.accounts({ limit: 1_000, after })
        found = page.find((account) => account.id === id)
        after = page.at(-1)?.id
        if (page.length === 0) break
      }
      expect(found).toMatchObject({ ledger: books.number, code: 3, limit: 'both', creditsPosted: 9n, creditLine: 0n })
    })

    test('open reservations are listed, ended ones not', async () => {
      const { ledger, books, a, b } = await setUp()
      const legs = [books.leg(a, b, 1n), books.leg(a, b, 2n), books.leg(a, b, 3n)]
      const [open, posted, voided] = legs.map(({ id }) => id)
      if (!open || !posted || !voided) throw new Error('three legs were made')
      await ledger.reserve(legs, 0)
      await ledger.post([posted])
      await ledger.void([voided])
      const seen: LedgerTransfer[] = []
      for (;;) {
        const page = await ledger.openReservations({ limit: 20, after: seen.at(-1)?.id })
        if (page.length === 0) break
        seen.push(...page)
      }
      const ours = seen.filter(({ ledger: number }) => number === books.number)
      expect(ours).toMatchObject([{ id: open, amount: 1n, state: 'pending', timeoutSeconds: 0 }])
      await ledger.void([open])
    })

    test('reservations that their timeout released are listed, those that somebody ended not', async () => {
      const { ledger, books, a, b } = await setUp()
      const legs = [1n, 2n, 3n, 4n].map((amount) => books.leg(a, b, amount))
      const [expired, posted, voided, open] = legs.map(({ id }) => id)
      if (!expired || !posted || !voided || !open) throw new Error('four legs were made')
      const before = new Date(0)
      await ledger.reserve(legs.slice(0, 3), 1)
      await ledger.reserve(legs.slice(3), 600)
      await ledger.post([posted])
      await ledger.void([voided])
      await subject().expire([expired])
      const found: LedgerTransfer[] = []
      for (;;) {
        const page = await ledger.expiredReservations({ since: before, limit: 20, after: found.at(-1)?.id })
        if (page.length === 0) break
        found.push(...page)
      }
      const ours = found.filter(({ ledger: number }) => number === books.number)
      expect(ours).toMatchObject([{ id: expired, amount: 1n, state: 'expired', timeoutSeconds: 1 }])
      const since = new Date((ours[0]?.expiresAt?.getTime() ?? 0) + 1)
      const later = await ledger.expiredReservations({ since, limit: 1_000 })
      expect(later.map(({ id }) => id)).not.toContain(expired)
      await ledger.void([open])
    })

    test('debits equal credits in every ledger, and totals are what was moved', async () => {
      const { ledger, books, a, b } = await setUp()
      await ledger.transfer([books.leg(a, b, 40n)])
      await ledger.transfer([books.leg(b, books.bank, 2n)])
      await ledger.reserve([books.leg(a, b, 7n)], 600)
      const totals = await ledger.totals()
      const ours = totals.find((total) => total.ledger === books.number)
      const sums = { debitsPosted: 42n, creditsPosted: 42n, debitsPending: 7n, creditsPending: 7n }
      expect(ours).toEqual({ ledger: books.number, accounts: 3, ...sums })
      for (const { debitsPosted, creditsPosted } of totals) expect(debitsPosted).toBe(creditsPosted)
    })
  })
}
