import { afterAll, beforeAll, describe } from 'vitest'
import { chainPromises } from './chains.js'
import { keptAnswerPromises } from './kept-answers.js'
import { limitPromises } from './limits.js'
import { openingPromises } from './opening.js'
import { readingPromises } from './reading.js'
import type { LedgerAdapter, LedgerSubject } from './subject.js'
import { transferPromises } from './transfers.js'
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

    openingPromises(current)
    transferPromises(current)
    chainPromises(current)
    twoPhasePromises(current)
    limitPromises(current)
    readingPromises(current)
    keptAnswerPromises(current)
  })
}
