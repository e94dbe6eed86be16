import { afterAll, beforeAll, describe } from 'vitest'
import type { LedgerAdapter, LedgerSubject } from './subject.js'
import { twoPhasePromises } from './two-phase.js'

/** What every adapter promises, with the very same words. */
export function ledgerContract(adapter: LedgerAdapter): void {
  describe(`the ${adapter.name} ledger`, { concurrent: adapter.concurrent }, () => {
    let subject: LedgerSubject
    const current = () => subject
    beforeAll(async () => {
      subject = await adapter.open()
    })
    afterAll(() => subject?.close())

    twoPhasePromises(current)
  })
}
