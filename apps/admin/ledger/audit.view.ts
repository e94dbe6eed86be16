import type { AuditResult } from '@kivuko/reports'

/** GraphQL's Audit. */
export function auditView({ at, ledgers, payments, openReservations, findings }: AuditResult) {
  return {
    at: at.toISOString(),
    ledgers: ledgers.map((totals) => ({
      ...totals,
      debitsPosted: totals.debitsPosted.toString(),
      creditsPosted: totals.creditsPosted.toString(),
      debitsPending: totals.debitsPending.toString(),
      creditsPending: totals.creditsPending.toString(),
    })),
    payments: payments.map(({ kind, state, count }) => ({ type: kind.toUpperCase(), state, count })),
    openReservations,
    findings,
  }
}
