import { AccountCode, available, creditAccountId, creditLineLegs, type LedgerId } from '@kivuko/accounting'
import { describe, expect, test } from 'vitest'
import { accepted, Books, freshId, type LedgerSubject, refused, repeated } from './subject.js'

export function limitPromises(subject: () => LedgerSubject): void {
  describe('limits', () => {
    async function setUp() {
      const { ledger, expire } = subject()
      const books = await Books.open(ledger)
      const asset = { id: '00000000-0000-4000-8000-000000000000', ledger: books.number }
      const credit = {
        id: creditAccountId(asset),
        ledger: books.number,
        code: AccountCode.credit,
        limit: 'none',
      } as const
      await ledger.openAccounts([credit])
      const grant = (accountId: LedgerId, change: bigint) =>
        ledger.transfer(creditLineLegs({ id: freshId(), accountId, asset, change }))
      const pay = (from: LedgerId, to: LedgerId, amount: bigint) => ledger.transfer([books.leg(from, to, amount)])
      return { ledger, expire, books, grant, pay }
    }

    test('an account limited on debits pays its last unit and not one more', async () => {
      const { books, pay } = await setUp()
      const payer = await books.account('debits', 10n)
      expect(await pay(payer, books.bank, 10n)).toEqual(accepted)
      expect(await pay(payer, books.bank, 1n)).toEqual(refused('insufficient-funds'))
    })

    test('an account limited on credits takes back its last unit and not one more', async () => {
      const { books, pay } = await setUp()
      const settlement = await books.account('credits')
      await pay(settlement, books.bank, 10n)
      expect(await pay(books.bank, settlement, 10n)).toEqual(accepted)
      expect(await pay(books.bank, settlement, 1n)).toEqual(refused('insufficient-room'))
    })

    test('credits that are only reserved count towards the limit on credits', async () => {
      const { ledger, books, pay } = await setUp()
      const settlement = await books.account('credits')
      await pay(settlement, books.bank, 10n)
      const held = books.leg(books.bank, settlement, 8n)
      await ledger.reserve([held], 30)
      expect(await pay(books.bank, settlement, 3n)).toEqual(refused('insufficient-room'))
      await ledger.void([held.id])
      expect(await pay(books.bank, settlement, 3n)).toEqual(accepted)
    })

    test('debits that are only reserved make no room on the other side', async () => {
      const { ledger, books, pay } = await setUp()
      const settlement = await books.account('credits')
      await ledger.reserve([books.leg(settlement, books.bank, 10n)], 30)
      expect(await pay(books.bank, settlement, 1n)).toEqual(refused('insufficient-room'))
    })

    test('an account without a limit goes as far as it likes on both sides', async () => {
      const { books, pay } = await setUp()
      const free = await books.account('none')
      expect(await pay(free, books.bank, 1_000n)).toEqual(accepted)
      expect(await pay(books.bank, free, 5_000n)).toEqual(accepted)
    })

    test('a credit line lets an account fall below zero, by that much', async () => {
      const { books, grant, pay } = await setUp()
      const peer = await books.account('both')
      expect(await grant(peer, 50n)).toEqual(accepted)
      expect(await pay(peer, books.bank, 50n)).toEqual(accepted)
      expect(await pay(peer, books.bank, 1n)).toEqual(refused('insufficient-funds'))
      expect(available(await books.balance(peer))).toBe(-50n)
    })

    test('a credit line is shown as such and not as money', async () => {
      const { books, grant } = await setUp()
      const peer = await books.account('both', 20n)
      await grant(peer, 50n)
      const balance = await books.balance(peer)
      expect(balance.creditLine).toBe(50n)
      expect(available(balance)).toBe(20n)
    })

    test('an unused credit line can be lowered, one in use only by what is free', async () => {
      const { books, grant, pay } = await setUp()
      const peer = await books.account('both')
      await grant(peer, 50n)
      await pay(peer, books.bank, 30n)
      expect(await grant(peer, -21n)).toEqual(refused('insufficient-funds'))
      expect(await grant(peer, -20n)).toEqual(accepted)
      expect((await books.balance(peer)).creditLine).toBe(30n)
    })

    test('a negative credit line holds a minimum', async () => {
      const { books, grant, pay } = await setUp()
      const peer = await books.account('both', 100n)
      expect(await grant(peer, -40n)).toEqual(accepted)
      expect(await pay(peer, books.bank, 61n)).toEqual(refused('insufficient-funds'))
      expect(await pay(peer, books.bank, 60n)).toEqual(accepted)
      expect(available(await books.balance(peer))).toBe(40n)
    })

    test('credit is not reserved', async () => {
      const { ledger, books } = await setUp()
      const peer = await books.account('both')
      const asset = { id: '00000000-0000-4000-8000-000000000000', ledger: books.number }
      const legs = creditLineLegs({ id: freshId(), accountId: peer, asset, change: 5n })
      expect(await ledger.reserve(legs, 30)).toEqual(refused('invalid-code'))
    })

    test('an account without a maximum takes any amount', async () => {
      const { books, pay } = await setUp()
      const peer = await books.account('both')
      expect(await pay(books.bank, peer, 10n ** 18n)).toEqual(accepted)
      expect((await books.balance(peer)).maximum).toBeUndefined()
    })

    test('a maximum lets the balance rise up to it and not beyond', async () => {
      const { ledger, books, pay } = await setUp()
      const peer = await books.account('both')
      expect(await ledger.setMaximum(peer, 100n)).toEqual(accepted)
      expect(await pay(books.bank, peer, 100n)).toEqual(accepted)
      expect(await pay(books.bank, peer, 1n)).toEqual(refused('insufficient-room'))
      expect((await books.balance(peer)).maximum).toBe(100n)
    })

    test('what leaves the account makes room below the maximum', async () => {
      const { ledger, books, pay } = await setUp()
      const peer = await books.account('both', 100n)
      await ledger.setMaximum(peer, 100n)
      await pay(peer, books.bank, 30n)
      expect(await pay(books.bank, peer, 31n)).toEqual(refused('insufficient-room'))
      expect(await pay(books.bank, peer, 30n)).toEqual(accepted)
    })

    test('reserved credits count towards the maximum, reserved debits make no room', async () => {
      const { ledger, books, pay } = await setUp()
      const peer = await books.account('both', 50n)
      await ledger.setMaximum(peer, 100n)
      await ledger.reserve([books.leg(books.bank, peer, 50n)], 30)
      await ledger.reserve([books.leg(peer, books.bank, 50n)], 30)
      expect(await pay(books.bank, peer, 1n)).toEqual(refused('insufficient-room'))
    })

    test('a post of reserved credits and debits moves the room below the maximum with them', async () => {
      const { ledger, books, pay } = await setUp()
      const peer = await books.account('both', 50n)
      await ledger.setMaximum(peer, 100n)
      const [incoming, outgoing] = [books.leg(books.bank, peer, 50n), books.leg(peer, books.bank, 20n)]
      await ledger.reserve([incoming], 30)
      await ledger.reserve([outgoing], 30)
      await ledger.post([incoming.id, outgoing.id])
      expect(await pay(books.bank, peer, 21n)).toEqual(refused('insufficient-room'))
      expect(await pay(books.bank, peer, 20n)).toEqual(accepted)
    })

    test('an expired reservation gives its room back', async () => {
      const { ledger, expire, books, pay } = await setUp()
      const peer = await books.account('both')
      await ledger.setMaximum(peer, 100n)
      const held = books.leg(books.bank, peer, 100n)
      await ledger.reserve([held], 1)
      await expire([held.id])
      expect(await pay(books.bank, peer, 100n)).toEqual(accepted)
    })

    test('a credit line does not use up the maximum', async () => {
      const { ledger, books, grant, pay } = await setUp()
      const peer = await books.account('both')
      await ledger.setMaximum(peer, 100n)
      expect(await grant(peer, 500n)).toEqual(accepted)
      expect(await pay(books.bank, peer, 100n)).toEqual(accepted)
      expect(await pay(books.bank, peer, 1n)).toEqual(refused('insufficient-room'))
    })

    test('a maximum can be raised, lowered to what is held, and lifted', async () => {
      const { ledger, books, pay } = await setUp()
      const peer = await books.account('both', 40n)
      expect(await ledger.setMaximum(peer, 100n)).toEqual(accepted)
      expect(await ledger.setMaximum(peer, 100n)).toEqual(repeated)
      expect(await ledger.setMaximum(peer, 39n)).toEqual(refused('insufficient-room'))
      expect(await ledger.setMaximum(peer, 40n)).toEqual(accepted)
      expect(await pay(books.bank, peer, 1n)).toEqual(refused('insufficient-room'))
      expect(await ledger.setMaximum(peer, undefined)).toEqual(accepted)
      expect(await pay(books.bank, peer, 1n)).toEqual(accepted)
    })

    test('a maximum is for accounts opened with both limits', async () => {
      const { ledger, books } = await setUp()
      expect(await ledger.setMaximum(await books.account('debits'), 1n)).toEqual(refused('no-maximum'))
      expect(await ledger.setMaximum(freshId(), 1n)).toEqual(refused('unknown-account'))
      expect(await ledger.setMaximum(await books.account('both'), -1n)).toEqual(refused('invalid-amount'))
    })

    /** An account whose credits may add up to `mostCredits`. */
    async function limited(books: Books, mostCredits: bigint): Promise<LedgerId> {
      const id = freshId()
      const account = { id, ledger: books.number, code: AccountCode.incomingPayment, limit: 'debits' } as const
      expect(await books.ledger.openAccounts([{ ...account, mostCredits }])).toEqual(accepted)
      return id
    }

    test('limited credits come to exactly that, and what is debited makes no room for more', async () => {
      const { books, pay } = await setUp()
      const payment = await limited(books, 100n)
      expect(await pay(books.bank, payment, 101n)).toEqual(refused('insufficient-room'))
      expect(await pay(books.bank, payment, 60n)).toEqual(accepted)
      expect(await pay(books.bank, payment, 41n)).toEqual(refused('insufficient-room'))
      expect(await pay(books.bank, payment, 40n)).toEqual(accepted)
      expect(await pay(payment, books.bank, 100n)).toEqual(accepted)
      expect(await pay(payment, books.bank, 1n)).toEqual(refused('insufficient-funds'))
      expect(await pay(books.bank, payment, 1n)).toEqual(refused('insufficient-room'))
      expect((await books.balance(payment)).maximum).toBeUndefined()
    })

    test('reserved credits count towards their limit until they are voided or expire', async () => {
      const { ledger, expire, books, pay } = await setUp()
      const payment = await limited(books, 100n)
      const [voided, posted, expired] = [60n, 40n, 60n].map((amount) => books.leg(books.bank, payment, amount))
      if (!voided || !posted || !expired) throw new Error('three legs were made')
      for (const held of [voided, posted]) expect(await ledger.reserve([held], 30)).toEqual(accepted)
      expect(await pay(books.bank, payment, 1n)).toEqual(refused('insufficient-room'))
      await ledger.void([voided.id])
      await ledger.post([posted.id])
      expect(await pay(books.bank, payment, 61n)).toEqual(refused('insufficient-room'))
      expect(await ledger.reserve([expired], 1)).toEqual(accepted)
      await expire([expired.id])
      expect(await pay(books.bank, payment, 60n)).toEqual(accepted)
      expect(await books.balance(payment)).toMatchObject({ creditsPosted: 100n, creditsPending: 0n })
    })

    test('a chain whose second leg finds no room among limited credits leaves nothing', async () => {
      const { ledger, books } = await setUp()
      const [payment, other] = [await limited(books, 10n), await books.account('none')]
      const legs = [books.leg(books.bank, other, 5n), books.leg(books.bank, payment, 11n)]
      expect(await ledger.transfer(legs)).toEqual(refused('insufficient-room', 1))
      expect((await books.balance(other)).creditsPosted).toBe(0n)
    })

    test('a hundred transfers at once do not pass the limit on credits', async () => {
      const { books, pay } = await setUp()
      const payment = await limited(books, 250n)
      const outcomes = await Promise.all(Array.from({ length: 100 }, () => pay(books.bank, payment, 7n)))
      // 35 × 7 = 245
      expect(outcomes.filter(({ kind }) => kind === 'accepted')).toHaveLength(35)
      expect((await books.balance(payment)).creditsPosted).toBe(245n)
    })

    test('the limit on credits is the one of the first opening, and none for a balance with a maximum', async () => {
      const { ledger, books, pay } = await setUp()
      const id = await limited(books, 100n)
      const again = { id, ledger: books.number, code: AccountCode.incomingPayment, limit: 'debits' } as const
      expect(await ledger.openAccounts([{ ...again, mostCredits: 500n }])).toEqual(repeated)
      expect(await pay(books.bank, id, 101n)).toEqual(refused('insufficient-room'))
      const both = { ...again, id: freshId(), limit: 'both', mostCredits: 1n } as const
      expect(await ledger.openAccounts([both])).toEqual(refused('invalid-amount'))
      const nothing = { ...again, id: freshId(), mostCredits: 0n }
      expect(await ledger.openAccounts([nothing])).toEqual(refused('invalid-amount'))
    })

    test('minimum and maximum hold together between two peers', async () => {
      const { ledger, books, grant, pay } = await setUp()
      const [a, b] = [await books.account('both'), await books.account('both')]
      await grant(a, 30n)
      await ledger.setMaximum(b, 20n)
      expect(await pay(a, b, 31n)).toEqual(refused('insufficient-funds'))
      expect(await pay(a, b, 21n)).toEqual(refused('insufficient-room'))
      expect(await pay(a, b, 20n)).toEqual(accepted)
      expect(await pay(b, a, 20n)).toEqual(accepted)
    })

    test('a hundred transfers at once overdraw nothing', async () => {
      const { books, pay } = await setUp()
      const payer = await books.account('debits', 370n)
      const outcomes = await Promise.all(Array.from({ length: 100 }, () => pay(payer, books.bank, 10n)))
      expect(outcomes.filter(({ kind }) => kind === 'accepted')).toHaveLength(37)
      expect(available(await books.balance(payer))).toBe(0n)
    })
  })
}
