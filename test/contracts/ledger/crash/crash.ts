import { available, type Ledger, type LedgerId, type Leg, type Outcome } from '@kivuko/accounting'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { times } from '../../../harness/run-form.js'
import { random } from '../../../harness/tries.js'
import { Books } from '../subject.js'
import { answers, type Place } from './places.js'
import { Worker } from './worker.js'

const FUNDS = 1_000_000n
const PROCESSES = 4
const ATTEMPTS = 10_000
const CHAINS = 2_000
const IN_FLIGHT = 64

/** What no crash and no race may break. */
export function crashPromises(name: string, openPlace: () => Promise<Place>): void {
  describe(`the ${name} ledger`, random, () => {
    let place: Place
    let ledger: Ledger
    beforeAll(async () => {
      place = await openPlace()
      ledger = await place.open()
    })
    afterAll(async () => {
      await ledger?.close()
      await place?.remove()
    })

    test('four processes cannot overdraw an account in ten thousand attempts', { timeout: 300_000 }, async () => {
      const books = await Books.open(ledger)
      const payer = await books.account('debits', 7_000n)
      const attempts = Array.from({ length: ATTEMPTS / PROCESSES }, () => 1)
      const work = { connection: place.connection, inFlight: IN_FLIGHT, reportEvery: ATTEMPTS }
      const workers = Array.from({ length: PROCESSES }, () =>
        Worker.start({ ...work, chains: attempts.map(() => [books.leg(payer, books.bank, 3n)]) }),
      )
      const counts = await Promise.all(workers.map((worker) => worker.finished()))
      const sum = (kind: 'accepted' | 'refused' | 'unknown') => counts.reduce((total, count) => total + count[kind], 0)
      expect([sum('accepted'), sum('refused'), sum('unknown')]).toEqual([2_333, 7_667, 0])
      expect(available(await books.balance(payer))).toBe(1n)
    })

    test('a process killed at work leaves each chain wholly there or wholly not', { timeout: 1_800_000 }, async () => {
      for (let n = 0; n < times(5, 100); n++) {
        const { books, chains } = await ring(ledger)
        const work = { connection: place.connection, chains, inFlight: IN_FLIGHT, reportEvery: 200 }
        await Worker.start(work).killAtWork()
        await settleAfter(ledger, books, chains)
      }
    })

    test('a server killed at work leaves each chain wholly there or wholly not', { timeout: 1_800_000 }, async () => {
      for (let n = 0; n < times(5, 100); n++) {
        const { books, chains } = await ring(ledger)
        const outcomes: Outcome[] = []
        const under = Promise.all(chains.map(async (chain) => outcomes.push(await ledger.transfer(chain))))
        await ledger.transfer(chains[chains.length >> 2] ?? [])
        await place.crash()
        await under
        await answers(ledger)
        expect(outcomes.filter(({ kind }) => kind === 'refused')).toEqual([])
        await settleAfter(ledger, books, chains)
      }
    })
  })
}

/** Chains of three legs around three accounts: whoever applies half of one changes a balance. */
async function ring(ledger: Ledger): Promise<{ books: Ring; chains: Leg[][] }> {
  const books = await Books.open(ledger)
  const [a, b, c] = [
    await books.account('debits', FUNDS),
    await books.account('debits', FUNDS),
    await books.account('debits', FUNDS),
  ]
  const chains = Array.from({ length: CHAINS }, () => [books.leg(a, b, 2n), books.leg(b, c, 3n), books.leg(c, a, 5n)])
  return { books: { books, accounts: [a, b, c] }, chains }
}

interface Ring {
  readonly books: Books
  readonly accounts: readonly [LedgerId, LedgerId, LedgerId]
}

/** Looks up what stands, asks for all of it again, and checks that each chain has counted once. */
async function settleAfter(ledger: Ledger, { books, accounts }: Ring, chains: readonly Leg[][]): Promise<void> {
  const found = await ledger.lookup(chains.flat().map(({ id }) => id))
  const standing = chains.map((chain) => chain.filter(({ id }) => found.has(id)).length)
  expect(new Set(standing).size, 'whole chains only').toBeLessThanOrEqual(2)
  expect(standing.every((legs) => legs === 0 || legs === 3)).toBe(true)
  const again = await Promise.all(chains.map((chain) => ledger.transfer(chain)))
  expect(again).toEqual(standing.map((legs) => ({ kind: 'accepted', repeated: legs === 3 })))
  const count = BigInt(chains.length)
  const [a, b, c] = accounts
  expect(await books.balance(a)).toMatchObject({ creditsPosted: FUNDS + 5n * count, debitsPosted: 2n * count })
  expect(await books.balance(b)).toMatchObject({ creditsPosted: FUNDS + 2n * count, debitsPosted: 3n * count })
  expect(await books.balance(c)).toMatchObject({ creditsPosted: FUNDS + 3n * count, debitsPosted: 5n * count })
  for (const { debitsPosted, creditsPosted } of await ledger.totals()) expect(debitsPosted).toBe(creditsPosted)
}
