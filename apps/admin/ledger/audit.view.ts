import type { AuditResult } from '@kivuko/reports'

/** GraphQL's Audit. */
export function auditView({ at, ledgers, payments, openReservations, unresolved, findings }: AuditResult) {
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
    unresolved: unresolved.map((line) => ({
      ...line,
      amount: line.amount.toString(),
      firstAt: line.firstAt.toISOString(),
      lastAt: line.lastAt.toISOString(),
    })),
    findings,
  }
}
