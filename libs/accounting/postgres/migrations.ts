import type { Migration } from '@kivuko/platform'
import { accounts } from './sql/accounts.js'
import { applyAll } from './sql/apply-all.js'
import { applyEach } from './sql/apply-each.js'
import { applyLeg } from './sql/apply-leg.js'
import { keptAnswers } from './sql/kept-answers.js'
import { mostCredits } from './sql/most-credits.js'
import { openTogether } from './sql/open-together.js'
import { release } from './sql/release.js'
import { tables } from './sql/tables.js'
import { unchecked } from './sql/unchecked.js'

export const accountingMigrations: readonly Migration[] = [
  { id: '0020-ledger', sql: [tables, accounts, applyAll, applyEach, applyLeg, release].join('\n') },
  { id: '0171-ledger-open-together', sql: openTogether },
  { id: '0180-ledger-most-credits', sql: mostCredits },
  { id: '0190-ledger-unchecked', sql: unchecked },
  { id: '0215-ledger-kept-answers', sql: keptAnswers },
]
