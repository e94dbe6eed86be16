import { CombinedPayment } from './combined-payment.entity.js'

export type { AuditResult, Finding, FindingKind, LedgerLine, PaymentLine, UnresolvedLine } from './audit.js'
export { AuditReport } from './audit-report.js'
export { auditJson, auditTable } from './audit-text.js'
export { CombinedPayment, type PaymentType, paymentTypes } from './combined-payment.entity.js'
export { CombinedPayments, type PaymentFilter } from './combined-payments.js'
export { PaymentTimeline, type TimelineStep } from './payment-timeline.js'
export { reportsMigrations } from './reports.migrations.js'
export { ReportsModule } from './reports.module.js'
export { type Route, Routes, type RoutesPage } from './routes.js'
export type { RouteRow } from './routes.queries.js'

export const reportsEntities = [CombinedPayment]
