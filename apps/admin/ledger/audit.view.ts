import type { AuditResult, OpenDifferences } from '@kivuko/reports'
import { nameOfKind } from './book-difference.view.js'

/** GraphQL's Audit. */
export function auditView(result: AuditResult) {
  const { at, ledgers, payments, openReservations, differences, unresolved, findings } = result
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
    differences: differencesView(differences),
    unresolved: unresolved.map(sumView),
    findings,
  }
}

function differencesView({ sums, packets, leftOff }: OpenDifferences) {
  return {
    sums: sums.map((sum) => ({ ...sumView(sum), kind: nameOfKind(sum.kind) })),
    packets: packets.map(({ kind, amount, notedAt, ...packet }) => ({
      ...packet,
      kind: nameOfKind(kind),
      amount: amount.toString(),
      notedAt: notedAt.toISOString(),
    })),
    leftOff,
  }
}

function sumView<Sum extends { readonly amount: bigint; readonly firstAt: Date; readonly lastAt: Date }>(sum: Sum) {
  const { amount, firstAt, lastAt } = sum
  return { ...sum, amount: amount.toString(), firstAt: firstAt.toISOString(), lastAt: lastAt.toISOString() }
}
