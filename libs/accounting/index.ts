export {
  AccountCode,
  type AccountLimit,
  available,
  type Balance,
  type LedgerAccount,
  type NewAccount,
} from './account.js'
export { AccountingModule } from './accounting.module.js'
export {
  derivedId,
  derivedIdAt,
  idFromUuid,
  type LedgerId,
  lateChargeId,
  lateChargeIds,
  legId,
  timeOrderedId,
  uuidFromId,
} from './ids.js'
export {
  type ExpiredPage,
  type IdPage,
  Ledger,
  type LedgerTotals,
  type StatementPage,
  type TimedPage,
} from './ledger.js'
export { MemoryLedger } from './memory/memory-ledger.js'
export { openLedger } from './open-ledger.js'
export type { Outcome, Refusal } from './outcome.js'
export { AnswerTable } from './postgres/answer-table.js'
export { accountingMigrations } from './postgres/migrations.js'
export { PostgresLedger, type PostgresLedgerOptions } from './postgres/postgres-ledger.js'
export {
  assetAccounts,
  creditAccountId,
  creditLineLegs,
  depositLegs,
  type LedgerAsset,
  paymentLegs,
  settlementAccountId,
  shortfallAccount,
  withdrawalLegs,
} from './postings.js'
export { TigerBeetleLedger } from './tigerbeetle/tigerbeetle-ledger.js'
export { type LedgerTransfer, type Leg, MAX_AMOUNT, TransferCode, type TransferState } from './transfer.js'
