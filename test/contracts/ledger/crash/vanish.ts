import type { Ledger, Outcome } from '@kivuko/accounting'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { random } from '../../../harness/tries.js'
import { Books } from '../subject.js'
import { answers, type Place } from './places.js'
import { Wire } from './wire.js'

const VANISHED_MS = 30_000
const TIMEOUT_MS = 2_000
// A busy machine may be late by this much; a caller that hangs is late by far more.
const LATE_MS = 1_500
const EVERY_MS = 500

/** A server that answers nobody for half a minute, and is then there again. */
export function vanishPromises(name: string, openPlace: () => Promise<Place>): void {
  describe(`the ${name} ledger`, random, () => {
    let place: Place
    let wire: Wire
    let ledger: Ledger
    beforeAll(async () => {
      place = await openPlace()
      wire = await Wire.start(place.port)
      ledger = await place.open({ timeoutMs: TIMEOUT_MS, port: wire.port })
    })
    afterAll(async () => {
      await ledger?.close()
      await wire?.close()
      await place?.remove()
    })

    test('a server gone for 30 s leaves no caller waiting and posts nothing twice', { timeout: 180_000 }, async () => {
      const books = await Books.open(ledger)
      const [payer, payee] = [await books.account('debits', 1_000n), await books.account('debits')]
      const held = books.leg(payer, payee, 100n)
      expect(await ledger.reserve([held], 0)).toMatchObject({ kind: 'accepted' })
      const legs = Array.from({ length: VANISHED_MS / EVERY_MS }, () => books.leg(payer, payee, 1n))
      const asked: Promise<Outcome>[] = []
      wire.cut()
      const posting = timed(ledger.post([held.id]))
      const reading = timed(ledger.balances([payer]).catch((error: unknown) => error))
      for (const leg of legs) {
        asked.push(timed(ledger.transfer([leg])))
        await new Promise((passed) => setTimeout(passed, EVERY_MS))
      }
      expect(await posting).toMatchObject({ kind: 'unknown' })
      expect(await reading).toMatchObject({ kind: 'unavailable', reason: 'LedgerUnavailable' })
      for (const outcome of await Promise.all(asked)) expect(outcome).toMatchObject({ kind: 'unknown' })
      wire.mend()
      await answers(ledger)
      expect(await ledger.post([held.id])).toMatchObject({ kind: 'accepted' })
      for (const leg of legs) expect(await ledger.transfer([leg])).toMatchObject({ kind: 'accepted' })
      expect(await books.balance(payee)).toMatchObject({
        creditsPosted: 100n + BigInt(legs.length),
        creditsPending: 0n,
      })
      expect(await ledger.post([held.id])).toEqual({ kind: 'accepted', repeated: true })
    })
  })
}

/** Fails where the answer came later than the caller's deadline allows. */
async function timed<T>(answer: Promise<T>): Promise<T> {
  const startedMs = performance.now()
  const value = await answer
  expect(performance.now() - startedMs).toBeLessThan(TIMEOUT_MS + LATE_MS)
  return value
}
