import { AccountCode, type NewAccount } from '@kivuko/accounting'
import { describe, expect, test } from 'vitest'
import { accepted, Books, freshId, freshLedger, type LedgerSubject, refused, repeated } from './subject.js'

const HIGHEST_ID = 2n ** 128n - 2n

export function openingPromises(subject: () => LedgerSubject): void {
  describe('opening accounts', () => {
    const account = (changes: Partial<NewAccount> = {}): NewAccount => ({
      id: freshId(),
      ledger: freshLedger(),
      code: AccountCode.peer,
      limit: 'debits',
      ...changes,
    })

    test('a new account is opened with nothing on it', async () => {
      const { ledger } = subject()
      const opened = account()
      expect(await ledger.openAccounts([opened])).toEqual(accepted)
      expect((await ledger.balances([opened.id])).get(opened.id)).toMatchObject({
        debitsPosted: 0n,
        debitsPending: 0n,
        creditsPosted: 0n,
        creditsPending: 0n,
        creditLine: 0n,
      })
    })

    test('the same account again is answered as repeated', async () => {
      const { ledger } = subject()
      const opened = account({ limit: 'both' })
      await ledger.openAccounts([opened])
      expect(await ledger.openAccounts([opened])).toEqual(repeated)
    })

    test('opening again leaves the balance as it is', async () => {
      const { ledger } = subject()
      const books = await Books.open(ledger)
      const id = await books.account('both', 70n)
      await ledger.openAccounts([{ id, ledger: books.number, code: AccountCode.peer, limit: 'both' }])
      expect(await books.balance(id)).toMatchObject({ creditsPosted: 70n })
    })

    for (const [what, change] of [
      ['ledger', { ledger: 7 }],
      ['code', { code: AccountCode.asset }],
      ['limit', { limit: 'credits' }],
    ] as const) {
      test(`an account that exists with another ${what} is refused`, async () => {
        const { ledger } = subject()
        const opened = account()
        await ledger.openAccounts([opened])
        expect(await ledger.openAccounts([{ ...opened, ...change }])).toEqual(refused('exists-with-different-content'))
      })
    }

    test('callers at once are answered each for its own accounts, and may use them', async () => {
      const { ledger } = subject()
      const before = account()
      await ledger.openAccounts([before])
      const opened = Array.from({ length: 20 }, () => account({ ledger: before.ledger, limit: 'none' }))
      const asked = [...opened.map((one) => [one]), [before], [{ ...before, code: AccountCode.asset }]]
      const outcomes = await Promise.all(asked.map((accounts) => ledger.openAccounts(accounts)))
      const expected = [...opened.map(() => accepted), repeated, refused('exists-with-different-content')]
      expect(outcomes).toEqual(expected)
      const [from, to] = opened
      if (from === undefined || to === undefined) throw new Error('accounts were to be opened')
      const sides = { debitAccountId: from.id, creditAccountId: to.id, ledger: before.ledger }
      expect(await ledger.transfer([{ id: freshId(), ...sides, amount: 5n, code: 1 }])).toEqual(accepted)
      expect((await ledger.balances([to.id])).get(to.id)).toMatchObject({ creditsPosted: 5n })
    })

    test('of several accounts all are opened or none', async () => {
      const { ledger } = subject()
      const [first, taken] = [account(), account()]
      await ledger.openAccounts([taken])
      const other = { ...taken, code: AccountCode.asset }
      expect(await ledger.openAccounts([first, other])).toEqual(refused('exists-with-different-content', 1))
      expect((await ledger.balances([first.id])).size).toBe(0)
    })

    test('what is missing of several accounts is opened', async () => {
      const { ledger } = subject()
      const accounts = [account(), account(), account()]
      await ledger.openAccounts(accounts.slice(1, 2))
      expect(await ledger.openAccounts(accounts)).toEqual(accepted)
      expect((await ledger.balances(accounts.map(({ id }) => id))).size).toBe(3)
      expect(await ledger.openAccounts(accounts)).toEqual(repeated)
    })

    test('ids up to 2^128 − 2 are taken', async () => {
      const { ledger } = subject()
      const highest = account({ id: HIGHEST_ID - BigInt(freshLedger()) })
      expect(await ledger.openAccounts([highest])).toEqual(accepted)
      expect((await ledger.balances([highest.id])).has(highest.id)).toBe(true)
    })

    for (const id of [0n, -1n, HIGHEST_ID + 1n]) {
      test(`the id ${id} is refused`, async () => {
        expect(await subject().ledger.openAccounts([account({ id })])).toEqual(refused('invalid-id'))
      })
    }

    for (const ledgerNumber of [0, 2 ** 32, 1.5]) {
      test(`the ledger ${ledgerNumber} is refused`, async () => {
        const opened = account({ ledger: ledgerNumber })
        expect(await subject().ledger.openAccounts([opened])).toEqual(refused('invalid-ledger'))
      })
    }

    test('the same id twice in one call is refused', async () => {
      const opened = account()
      expect(await subject().ledger.openAccounts([opened, opened])).toEqual(refused('repeated-id', 1))
    })

    test('an empty list is refused', async () => {
      expect(await subject().ledger.openAccounts([])).toEqual(refused('invalid-chain'))
    })

    test('an account nobody opened has no balance', async () => {
      expect((await subject().ledger.balances([freshId()])).size).toBe(0)
    })
  })
}
