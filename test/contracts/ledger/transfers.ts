import { AccountCode, MAX_AMOUNT } from '@kivuko/accounting'
import { describe, expect, test } from 'vitest'
import { accepted, Books, freshId, type LedgerSubject, refused, repeated } from './subject.js'

export function transferPromises(subject: () => LedgerSubject): void {
  describe('transferring', () => {
    async function setUp(funds = 100n) {
      const { ledger } = subject()
      const books = await Books.open(ledger)
      const [payer, payee] = [await books.account('debits', funds), await books.account('debits')]
      return { ledger, books, payer, payee, leg: (amount: bigint) => books.leg(payer, payee, amount) }
    }

    test('a transfer moves its amount from the debited to the credited account', async () => {
      const { ledger, books, payer, payee, leg } = await setUp()
      expect(await ledger.transfer([leg(30n)])).toEqual(accepted)
      expect(await books.balance(payer)).toMatchObject({ debitsPosted: 30n, creditsPosted: 100n })
      expect(await books.balance(payee)).toMatchObject({ debitsPosted: 0n, creditsPosted: 30n })
    })

    test('a transfer whose time is over is not begun, and may be asked for again', async () => {
      const { ledger, books, payee, leg } = await setUp()
      const once = leg(30n)
      expect(await ledger.transfer([once], 1)).toMatchObject({ kind: 'unknown' })
      expect(await books.balance(payee)).toMatchObject({ creditsPosted: 0n })
      expect(await ledger.transfer([once], Number.MAX_SAFE_INTEGER)).toEqual(accepted)
    })

    test('the same transfer again is answered as repeated and moves nothing', async () => {
      const { ledger, books, payee, leg } = await setUp()
      const once = leg(30n)
      await ledger.transfer([once])
      expect(await ledger.transfer([once])).toEqual(repeated)
      expect(await books.balance(payee)).toMatchObject({ creditsPosted: 30n })
    })

    test('the same transfer again is repeated even when the account is empty by then', async () => {
      const { ledger, leg } = await setUp()
      const once = leg(100n)
      await ledger.transfer([once])
      expect(await ledger.transfer([once])).toEqual(repeated)
    })

    test('the same transfer asked for twenty times at once moves once', async () => {
      const { ledger, books, payee, leg } = await setUp()
      const once = leg(30n)
      const outcomes = await Promise.all(Array.from({ length: 20 }, () => ledger.transfer([once])))
      expect(outcomes.filter((outcome) => outcome.kind === 'accepted' && !outcome.repeated)).toHaveLength(1)
      expect(outcomes.every(({ kind }) => kind === 'accepted')).toBe(true)
      expect(await books.balance(payee)).toMatchObject({ creditsPosted: 30n })
    })

    for (const [what, change] of [
      ['amount', { amount: 31n }],
      ['code', { code: 9 }],
      ['reference', { reference: 9n }],
      ['ledger', { ledger: 9 }],
    ] as const) {
      test(`the id of a transfer with another ${what} is refused`, async () => {
        const { ledger, leg } = await setUp()
        const once = leg(30n)
        await ledger.transfer([once])
        expect(await ledger.transfer([{ ...once, ...change }])).toEqual(refused('exists-with-different-content'))
      })
    }

    test('the id of a transfer with other accounts is refused', async () => {
      const { ledger, books, payer, payee, leg } = await setUp()
      const once = leg(30n)
      await ledger.transfer([once])
      const back = { ...once, debitAccountId: payee, creditAccountId: payer }
      expect(await ledger.transfer([back])).toEqual(refused('exists-with-different-content'))
      const elsewhere = { ...once, creditAccountId: await books.account('none') }
      expect(await ledger.transfer([elsewhere])).toEqual(refused('exists-with-different-content'))
    })

    test('a taken id is refused as such even when the account is not known', async () => {
      const { ledger, leg } = await setUp()
      const once = leg(30n)
      await ledger.transfer([once])
      const unknown = { ...once, debitAccountId: freshId() }
      expect(await ledger.transfer([unknown])).toEqual(refused('exists-with-different-content'))
    })

    test('debits from an account nobody opened are refused', async () => {
      const { ledger, books, payee } = await setUp()
      expect(await ledger.transfer([books.leg(freshId(), payee, 1n)])).toEqual(refused('unknown-debit-account'))
    })

    test('credits to an account nobody opened are refused', async () => {
      const { ledger, books, payer } = await setUp()
      expect(await ledger.transfer([books.leg(payer, freshId(), 1n)])).toEqual(refused('unknown-credit-account'))
    })

    for (const side of ['debited', 'credited'] as const) {
      test(`a transfer that was refused before its ${side} account was opened is taken afterwards`, async () => {
        const { ledger, books, payer, payee } = await setUp()
        const id = freshId()
        const once = side === 'debited' ? books.leg(id, payee, 1n) : books.leg(payer, id, 1n)
        const refusal = side === 'debited' ? 'unknown-debit-account' : 'unknown-credit-account'
        expect(await ledger.transfer([once])).toEqual(refused(refusal))
        expect(await ledger.transfer([once])).toEqual(refused(refusal))
        await ledger.openAccounts([{ id, ledger: books.number, code: AccountCode.peer, limit: 'none' }])
        expect(await ledger.transfer([once])).toEqual(accepted)
        expect(await ledger.transfer([once])).toEqual(repeated)
        expect(await books.balance(id)).toMatchObject({ [side === 'debited' ? 'debitsPosted' : 'creditsPosted']: 1n })
      })
    }

    test('a transfer to an account that two callers open meanwhile is taken once', async () => {
      const { ledger, books, payer } = await setUp()
      const id = freshId()
      const account = { id, ledger: books.number, code: AccountCode.peer, limit: 'debits' } as const
      const once = books.leg(payer, id, 30n)
      const attempt = async () => {
        await ledger.transfer([once])
        await ledger.openAccounts([account])
        return ledger.transfer([once])
      }
      const outcomes = await Promise.all(Array.from({ length: 10 }, attempt))
      expect(outcomes.filter(({ kind }) => kind === 'accepted')).toHaveLength(10)
      expect(await books.balance(id)).toMatchObject({ creditsPosted: 30n })
    })

    test('a transfer between two ledgers is refused', async () => {
      const { ledger, books, payer } = await setUp()
      const abroad = await (await Books.open(ledger)).account('none')
      expect(await ledger.transfer([books.leg(payer, abroad, 1n)])).toEqual(refused('different-ledgers'))
      expect(await ledger.transfer([books.leg(abroad, payer, 1n)])).toEqual(refused('different-ledgers'))
    })

    test('a leg that names another ledger than its accounts is refused', async () => {
      const { ledger, books, leg } = await setUp()
      expect(await ledger.transfer([{ ...leg(1n), ledger: books.number + 50_000 }])).toEqual(
        refused('different-ledgers'),
      )
    })

    test('an account cannot pay itself', async () => {
      const { ledger, books, payer } = await setUp()
      expect(await ledger.transfer([books.leg(payer, payer, 1n)])).toEqual(refused('same-accounts'))
    })

    for (const amount of [0n, -1n, MAX_AMOUNT + 1n, 2n ** 64n]) {
      test(`the amount ${amount} is refused`, async () => {
        const { ledger, leg } = await setUp()
        expect(await ledger.transfer([leg(amount)])).toEqual(refused('invalid-amount'))
      })
    }

    test('2^63 − 1 is moved to the unit, more than once', async () => {
      const { ledger, books } = await setUp()
      const rich = await books.account('none')
      for (let n = 0; n < 3; n++) {
        expect(await ledger.transfer([books.leg(books.bank, rich, MAX_AMOUNT)])).toEqual(accepted)
      }
      expect(await books.balance(rich)).toMatchObject({ creditsPosted: 3n * 9_223_372_036_854_775_807n })
    })

    test('codes from 1 to 65535 are kept, others refused', async () => {
      const { ledger, leg } = await setUp()
      const highest = { ...leg(1n), code: 65_535 }
      expect(await ledger.transfer([highest])).toEqual(accepted)
      expect((await ledger.lookup([highest.id])).get(highest.id)).toMatchObject({ code: 65_535 })
      for (const code of [0, 65_536, 1.5]) {
        expect(await ledger.transfer([{ ...leg(1n), code }])).toEqual(refused('invalid-code'))
      }
    })

    test('references up to 2^128 − 1 are kept, others refused', async () => {
      const { ledger, leg } = await setUp()
      const reference = 2n ** 128n - 1n
      const named = { ...leg(1n), reference }
      expect(await ledger.transfer([named])).toEqual(accepted)
      expect((await ledger.lookup([named.id])).get(named.id)).toMatchObject({ reference })
      expect(await ledger.transfer([{ ...leg(1n), reference: 2n ** 128n }])).toEqual(refused('invalid-reference'))
    })

    test('a transfer id from 1 to 2^128 − 2 is taken, others refused', async () => {
      const { ledger, books, payer, payee } = await setUp()
      const highest = 2n ** 128n - 2n - BigInt(books.number)
      expect(await ledger.transfer([books.leg(payer, payee, 1n, highest)])).toEqual(accepted)
      for (const id of [0n, 2n ** 128n - 1n]) {
        expect(await ledger.transfer([books.leg(payer, payee, 1n, id)])).toEqual(refused('invalid-id'))
      }
    })
  })
}
