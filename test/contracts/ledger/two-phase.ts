import { describe, expect, test } from 'vitest'
import { accepted, Books, freshId, type LedgerSubject, refused, repeated } from './subject.js'

export function twoPhasePromises(subject: () => LedgerSubject): void {
  describe('reserving, posting, voiding', () => {
    async function setUp(funds = 100n) {
      const { ledger, expire } = subject()
      const books = await Books.open(ledger)
      const payer = await books.account('debits', funds)
      const payee = await books.account('debits')
      const reserve = async (amount: bigint, timeoutSeconds = 30, id = freshId()) => {
        const outcome = await ledger.reserve([books.leg(payer, payee, amount, id)], timeoutSeconds)
        return { id, outcome }
      }
      return { ledger, expire, books, payer, payee, reserve }
    }

    test('a reservation holds funds on both sides and moves nothing', async () => {
      const { books, payer, payee, reserve } = await setUp()
      expect((await reserve(40n)).outcome).toEqual(accepted)
      expect(await books.balance(payer)).toMatchObject({ creditsPosted: 100n, debitsPending: 40n, debitsPosted: 0n })
      expect(await books.balance(payee)).toMatchObject({ creditsPending: 40n, creditsPosted: 0n })
    })

    test('a post moves the reserved amount', async () => {
      const { ledger, books, payer, payee, reserve } = await setUp()
      const { id } = await reserve(40n)
      expect(await ledger.post([id])).toEqual(accepted)
      expect(await books.balance(payer)).toMatchObject({ debitsPending: 0n, debitsPosted: 40n })
      expect(await books.balance(payee)).toMatchObject({ creditsPending: 0n, creditsPosted: 40n })
    })

    test('a void frees the reserved amount', async () => {
      const { ledger, books, payer, payee, reserve } = await setUp()
      const { id } = await reserve(40n)
      expect(await ledger.void([id])).toEqual(accepted)
      expect(await books.balance(payer)).toMatchObject({ debitsPending: 0n, debitsPosted: 0n })
      expect(await books.balance(payee)).toMatchObject({ creditsPending: 0n, creditsPosted: 0n })
    })

    test('reserved funds cannot be reserved or transferred again', async () => {
      const { ledger, books, payer, payee, reserve } = await setUp()
      await reserve(60n)
      expect((await reserve(41n)).outcome).toEqual(refused('insufficient-funds'))
      expect(await ledger.transfer([books.leg(payer, payee, 41n)])).toEqual(refused('insufficient-funds'))
      expect((await reserve(40n)).outcome).toEqual(accepted)
    })

    test('incoming funds that are only reserved cannot be spent', async () => {
      const { ledger, books, payer, payee, reserve } = await setUp()
      const { id } = await reserve(40n)
      expect(await ledger.transfer([books.leg(payee, payer, 1n)])).toEqual(refused('insufficient-funds'))
      await ledger.post([id])
      expect(await ledger.transfer([books.leg(payee, payer, 40n)])).toEqual(accepted)
    })

    test('a repeated post is answered as repeated and done once', async () => {
      const { ledger, books, payer, reserve } = await setUp()
      const { id } = await reserve(40n)
      await ledger.post([id])
      expect(await ledger.post([id])).toEqual(repeated)
      expect(await books.balance(payer)).toMatchObject({ debitsPending: 0n, debitsPosted: 40n })
    })

    test('a repeated void is answered as repeated and done once', async () => {
      const { ledger, books, payer, reserve } = await setUp()
      await reserve(10n)
      const { id } = await reserve(40n)
      await ledger.void([id])
      expect(await ledger.void([id])).toEqual(repeated)
      expect(await books.balance(payer)).toMatchObject({ debitsPending: 10n })
    })

    test('a void after the post is refused', async () => {
      const { ledger, books, payer, reserve } = await setUp()
      const { id } = await reserve(40n)
      await ledger.post([id])
      expect(await ledger.void([id])).toEqual(refused('already-posted'))
      expect(await books.balance(payer)).toMatchObject({ debitsPosted: 40n })
    })

    test('a post after the void is refused', async () => {
      const { ledger, books, payer, reserve } = await setUp()
      const { id } = await reserve(40n)
      await ledger.void([id])
      expect(await ledger.post([id])).toEqual(refused('already-voided'))
      expect(await books.balance(payer)).toMatchObject({ debitsPosted: 0n, debitsPending: 0n })
    })

    test('a post of what was never reserved is refused', async () => {
      expect(await subject().ledger.post([freshId()])).toEqual(refused('unknown-reservation'))
    })

    test('a void of what was never reserved is refused', async () => {
      expect(await subject().ledger.void([freshId()])).toEqual(refused('unknown-reservation'))
    })

    test('a transfer posted at once is no reservation', async () => {
      const { ledger, books, payer, payee } = await setUp()
      const leg = books.leg(payer, payee, 10n)
      await ledger.transfer([leg])
      expect(await ledger.post([leg.id])).toEqual(refused('unknown-reservation'))
      expect(await ledger.void([leg.id])).toEqual(refused('unknown-reservation'))
    })

    test('a reservation that was refused may be asked for, then made, then posted', async () => {
      const { ledger, reserve } = await setUp()
      const id = freshId()
      expect(await ledger.post([id])).toEqual(refused('unknown-reservation'))
      expect((await reserve(40n, 30, id)).outcome).toEqual(accepted)
      expect(await ledger.post([id])).toEqual(accepted)
    })

    test('a post after the timeout is refused as expired', async () => {
      const { ledger, expire, books, payer, payee, reserve } = await setUp()
      const { id } = await reserve(40n, 1)
      await expire([id])
      expect(await ledger.post([id])).toEqual(refused('expired'))
      expect(await books.balance(payer)).toMatchObject({ debitsPending: 0n, debitsPosted: 0n })
      expect(await books.balance(payee)).toMatchObject({ creditsPending: 0n, creditsPosted: 0n })
    })

    test('a void after the timeout is refused as expired', async () => {
      const { ledger, expire, reserve } = await setUp()
      const { id } = await reserve(40n, 1)
      await expire([id])
      expect(await ledger.void([id])).toEqual(refused('expired'))
    })

    test('funds are free again the moment their reservation has expired', async () => {
      const { expire, reserve } = await setUp()
      const { id } = await reserve(100n, 1)
      await expire([id])
      expect((await reserve(100n)).outcome).toEqual(accepted)
    })

    test('balances leave out what has expired', async () => {
      const { expire, books, payer, payee, reserve } = await setUp()
      const { id } = await reserve(100n, 1)
      await expire([id])
      expect(await books.balance(payer)).toMatchObject({ debitsPending: 0n })
      expect(await books.balance(payee)).toMatchObject({ creditsPending: 0n })
    })

    test('a reservation without a timeout does not expire', async () => {
      const { ledger, expire, books, payer, reserve } = await setUp()
      const { id } = await reserve(40n, 0)
      await expire([id])
      expect(await books.balance(payer)).toMatchObject({ debitsPending: 40n })
      expect(await ledger.post([id])).toEqual(accepted)
    })

    test('a post before the timeout stands after it', async () => {
      const { ledger, expire, books, payer, reserve } = await setUp()
      const { id } = await reserve(40n, 1)
      await ledger.post([id])
      await expire([id])
      expect(await books.balance(payer)).toMatchObject({ debitsPosted: 40n, debitsPending: 0n })
      expect(await ledger.post([id])).toEqual(repeated)
    })

    test('a repeated reservation is answered as repeated and holds once', async () => {
      const { ledger, books, payer, payee } = await setUp()
      const leg = books.leg(payer, payee, 60n)
      await ledger.reserve([leg], 30)
      expect(await ledger.reserve([leg], 30)).toEqual(repeated)
      expect(await books.balance(payer)).toMatchObject({ debitsPending: 60n })
    })

    test('a reservation repeated after its post is answered as repeated and holds nothing', async () => {
      const { ledger, books, payer, payee } = await setUp()
      const leg = books.leg(payer, payee, 60n)
      await ledger.reserve([leg], 30)
      await ledger.post([leg.id])
      expect(await ledger.reserve([leg], 30)).toEqual(repeated)
      expect(await books.balance(payer)).toMatchObject({ debitsPending: 0n, debitsPosted: 60n })
    })

    test('a reservation repeated with another timeout is refused', async () => {
      const { ledger, books, payer, payee } = await setUp()
      const leg = books.leg(payer, payee, 60n)
      await ledger.reserve([leg], 30)
      expect(await ledger.reserve([leg], 31)).toEqual(refused('exists-with-different-content'))
    })

    test('a transfer with the id of a reservation is refused', async () => {
      const { ledger, books, payer, payee } = await setUp()
      const leg = books.leg(payer, payee, 60n)
      await ledger.reserve([leg], 30)
      expect(await ledger.transfer([leg])).toEqual(refused('exists-with-different-content'))
    })

    test('posts and voids of a chain stand together or not at all', async () => {
      const { ledger, books, payer, reserve } = await setUp()
      const [first, second] = [await reserve(10n), await reserve(20n)]
      await ledger.void([second.id])
      expect(await ledger.post([first.id, second.id])).toEqual(refused('already-voided', 1))
      expect(await books.balance(payer)).toMatchObject({ debitsPending: 10n, debitsPosted: 0n })
      expect(await ledger.post([second.id, first.id])).toEqual(refused('already-voided', 0))
      expect(await ledger.post([first.id])).toEqual(accepted)
    })

    test('a chain that is posted in part is refused, one posted in whole is repeated', async () => {
      const { ledger, books, payer, reserve } = await setUp()
      const [first, second] = [await reserve(10n), await reserve(20n)]
      await ledger.post([first.id])
      expect(await ledger.post([first.id, second.id])).toEqual(refused('already-posted', 0))
      expect(await books.balance(payer)).toMatchObject({ debitsPending: 20n, debitsPosted: 10n })
      await ledger.post([second.id])
      expect(await ledger.post([first.id, second.id])).toEqual(repeated)
    })

    test('a chain with one expired reservation is refused and voids nothing', async () => {
      const { ledger, expire, books, payer, reserve } = await setUp()
      const [first, second] = [await reserve(10n), await reserve(20n, 1)]
      await expire([second.id])
      expect(await ledger.post([first.id, second.id])).toEqual(refused('expired', 1))
      expect(await books.balance(payer)).toMatchObject({ debitsPending: 10n, debitsPosted: 0n })
    })

    test('of a post and a void at the same time one wins and the other is told so', async () => {
      const { ledger, books, payer, reserve } = await setUp()
      const { id } = await reserve(40n)
      const [post, freed] = await Promise.all([ledger.post([id]), ledger.void([id])])
      const posted = post.kind === 'accepted'
      expect(posted ? freed : post).toEqual(refused(posted ? 'already-posted' : 'already-voided'))
      expect(await books.balance(payer)).toMatchObject({ debitsPending: 0n, debitsPosted: posted ? 40n : 0n })
    })
  })
}
