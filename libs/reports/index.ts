import { CombinedPayment } from './combined-payment.entity.js'
import { ListedBookDifference } from './listed-book-difference.entity.js'

export {
  type AuditResult,
  type Finding,
  type FindingKind,
  isClean,
  type LedgerLine,
  type PaymentLine,
} from './audit.js'
export { AuditReport } from './audit-report.js'
export { auditJson, auditTable } from './audit-text.js'
export { CombinedPayment, type PaymentType, paymentTypes } from './combined-payment.entity.js'
export { CombinedPayments, type PaymentFilter } from './combined-payments.js'
export { DifferenceClosing, type DifferenceClosure } from './difference-closing.js'
export { differenceKinds } from './difference-kinds.js'
export { type DifferenceFilter, DifferenceList, type DifferenceState, differenceStates } from './difference-list.js'
export type { DifferenceSum, OpenDifference, OpenDifferences, PeerSum } from './difference-tally.js'
export { ListedBookDifference } from './listed-book-difference.entity.js'
export { PaymentTimeline, type TimelineStep } from './payment-timeline.js'
export { reportsMigrations } from './reports.migrations.js'
export { ReportsModule } from './reports.module.js'
export { type Route, Routes, type RoutesPage } from './routes.js'
export type { RouteRow } from './routes.queries.js'

export const reportsEntities = [CombinedPayment, ListedBookDifference]
