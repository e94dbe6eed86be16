import { AccountCode } from '@kivuko/accounting'
import { describe, expect, test } from 'vitest'
import { accepted, Books, freshId, type LedgerSubject, refused, repeated } from './subject.js'

export function chainPromises(subject: () => LedgerSubject): void {
  describe('chains', () => {
    async function setUp() {
      const { ledger } = subject()
      const books = await Books.open(ledger)
      const [a, b, c] = [
        await books.account('debits', 100n),
        await books.account('debits'),
        await books.account('debits'),
      ]
      return { ledger, books, a, b, c }
    }

    test('all legs stand', async () => {
      const { ledger, books, a, b, c } = await setUp()
      expect(await ledger.transfer([books.leg(a, b, 60n), books.leg(a, c, 40n)])).toEqual(accepted)
      expect(await books.balance(b)).toMatchObject({ creditsPosted: 60n })
      expect(await books.balance(c)).toMatchObject({ creditsPosted: 40n })
    })

    test('a later leg may spend what an earlier one brought', async () => {
      const { ledger, books, a, b, c } = await setUp()
      expect(await ledger.transfer([books.leg(a, b, 60n), books.leg(b, c, 60n)])).toEqual(accepted)
      expect(await books.balance(c)).toMatchObject({ creditsPosted: 60n })
    })

    test('an earlier leg may not spend what a later one brings', async () => {
      const { ledger, books, a, b, c } = await setUp()
      expect(await ledger.transfer([books.leg(b, c, 60n), books.leg(a, b, 60n)])).toEqual(
        refused('insufficient-funds', 0),
      )
      expect(await books.balance(a)).toMatchObject({ debitsPosted: 0n })
    })

    test('no leg stands when one is refused, and the refusal names it', async () => {
      const { ledger, books, a, b, c } = await setUp()
      const chain = [books.leg(a, b, 60n), books.leg(a, c, 40n), books.leg(a, c, 1n)]
      expect(await ledger.transfer(chain)).toEqual(refused('insufficient-funds', 2))
      expect(await books.balance(a)).toMatchObject({ debitsPosted: 0n })
      expect(await books.balance(b)).toMatchObject({ creditsPosted: 0n })
      expect((await ledger.lookup(chain.map(({ id }) => id))).size).toBe(0)
    })

    for (const verb of ['transfer', 'reserve'] as const) {
      test(`a chain to ${verb} is refused at the leg whose account is not open, and taken once it is`, async () => {
        const { ledger, books, a, b } = await setUp()
        const id = freshId()
        const chain = [books.leg(a, b, 60n), books.leg(a, id, 10n), books.leg(id, b, 10n)]
        const ask = () => (verb === 'transfer' ? ledger.transfer(chain) : ledger.reserve(chain, 30))
        expect(await ask()).toEqual(refused('unknown-credit-account', 1))
        expect(await books.balance(a)).toMatchObject({ debitsPosted: 0n, debitsPending: 0n })
        await ledger.openAccounts([{ id, ledger: books.number, code: AccountCode.peer, limit: 'none' }])
        expect(await ask()).toEqual(accepted)
        expect(await ask()).toEqual(repeated)
      })
    }

    test('of a leg without funds and one without an account, the first is named', async () => {
      const { ledger, books, a, b } = await setUp()
      const [tooMuch, nowhere] = [books.leg(a, b, 101n), books.leg(a, freshId(), 1n)]
      expect(await ledger.transfer([tooMuch, nowhere])).toEqual(refused('insufficient-funds', 0))
      expect(await ledger.transfer([nowhere, books.leg(a, b, 101n)])).toEqual(refused('unknown-credit-account', 0))
    })

    test('reservations of a chain hold together or not at all', async () => {
      const { ledger, books, a, b, c } = await setUp()
      const chain = [books.leg(a, b, 60n), books.leg(a, c, 60n)]
      expect(await ledger.reserve(chain, 30)).toEqual(refused('insufficient-funds', 1))
      expect(await books.balance(a)).toMatchObject({ debitsPending: 0n })
      expect(await books.balance(b)).toMatchObject({ creditsPending: 0n })
    })

    test('a reserved chain is posted as a whole', async () => {
      const { ledger, books, a, b, c } = await setUp()
      const chain = [books.leg(a, b, 60n), books.leg(a, c, 40n)]
      expect(await ledger.reserve(chain, 30)).toEqual(accepted)
      expect(await ledger.post(chain.map(({ id }) => id))).toEqual(accepted)
      expect(await books.balance(a)).toMatchObject({ debitsPosted: 100n, debitsPending: 0n })
    })

    test('a reserved chain is voided as a whole', async () => {
      const { ledger, books, a, b, c } = await setUp()
      const chain = [books.leg(a, b, 60n), books.leg(a, c, 40n)]
      await ledger.reserve(chain, 30)
      expect(await ledger.void(chain.map(({ id }) => id))).toEqual(accepted)
      expect(await books.balance(a)).toMatchObject({ debitsPosted: 0n, debitsPending: 0n })
    })

    test('a chain may cross ledgers leg by leg, as an exchange does', async () => {
      const { ledger, books, a, b } = await setUp()
      const other = await Books.open(ledger)
      const [x, y] = [await other.account('debits', 50n), await other.account('debits')]
      expect(await ledger.transfer([books.leg(a, b, 100n), other.leg(x, y, 50n)])).toEqual(accepted)
      expect(await ledger.transfer([other.leg(y, x, 50n), books.leg(a, b, 1n)])).toEqual(
        refused('insufficient-funds', 1),
      )
      expect(await other.balance(y)).toMatchObject({ debitsPosted: 0n })
    })

    test('the same chain again is answered as repeated', async () => {
      const { ledger, books, a, b, c } = await setUp()
      const chain = [books.leg(a, b, 60n), books.leg(b, c, 60n)]
      await ledger.transfer(chain)
      expect(await ledger.transfer(chain)).toEqual(repeated)
      expect(await books.balance(c)).toMatchObject({ creditsPosted: 60n })
    })

    test('a chain that shares a leg with one that stands is refused there and adds nothing', async () => {
      const { ledger, books, a, b, c } = await setUp()
      const twice = books.leg(a, b, 60n)
      await ledger.transfer([twice])
      const chain = [books.leg(a, c, 10n), twice]
      expect(await ledger.transfer(chain)).toEqual(refused('exists-with-different-content', 1))
      expect(await books.balance(c)).toMatchObject({ creditsPosted: 0n })
    })

    test('a refusal by form comes before any other, and names its leg', async () => {
      const { ledger, books, a, b } = await setUp()
      const chain = [books.leg(a, b, 1_000n), books.leg(a, b, 0n)]
      expect(await ledger.transfer(chain)).toEqual(refused('invalid-amount', 1))
    })

    test('the same id twice in a chain is refused', async () => {
      const { ledger, books, a, b } = await setUp()
      const leg = books.leg(a, b, 1n)
      expect(await ledger.transfer([leg, leg])).toEqual(refused('repeated-id', 1))
      const id = freshId()
      expect(await ledger.post([id, id])).toEqual(refused('repeated-id', 1))
    })

    test('an empty chain is refused', async () => {
      const { ledger } = subject()
      expect(await ledger.transfer([])).toEqual(refused('invalid-chain'))
      expect(await ledger.reserve([], 30)).toEqual(refused('invalid-chain'))
      expect(await ledger.post([])).toEqual(refused('invalid-chain'))
      expect(await ledger.void([])).toEqual(refused('invalid-chain'))
    })

    test('64 legs stand, 65 are refused', async () => {
      const { ledger, books, a, b } = await setUp()
      const legs = Array.from({ length: 65 }, () => books.leg(a, b, 1n))
      expect(await ledger.transfer(legs)).toEqual(refused('invalid-chain'))
      expect(await ledger.transfer(legs.slice(0, 64))).toEqual(accepted)
      expect(await books.balance(b)).toMatchObject({ creditsPosted: 64n })
    })

    test('chains asked for at once are taken one after the other, each wholly', async () => {
      const { ledger, books, a, b, c } = await setUp()
      const chains = Array.from({ length: 10 }, () => [books.leg(a, b, 20n), books.leg(b, c, 20n)])
      const outcomes = await Promise.all(chains.map((chain) => ledger.transfer(chain)))
      expect(outcomes.filter(({ kind }) => kind === 'accepted')).toHaveLength(5)
      expect(outcomes.filter(({ kind }) => kind === 'refused')).toEqual(
        Array.from({ length: 5 }, () => refused('insufficient-funds', 0)),
      )
      expect(await books.balance(c)).toMatchObject({ creditsPosted: 100n })
    })

    for (const timeoutSeconds of [-1, 0.5, 2 ** 32]) {
      test(`a timeout of ${timeoutSeconds} seconds is refused`, async () => {
        const { ledger, books, a, b } = await setUp()
        expect(await ledger.reserve([books.leg(a, b, 1n)], timeoutSeconds)).toEqual(refused('invalid-timeout'))
      })
    }
  })
}
