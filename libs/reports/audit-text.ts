import type { AuditResult, Finding } from './audit.js'

type Row = readonly string[]

/** For people: tables and, last, the findings or the sentence that there are none. */
export function auditTable(result: AuditResult): string {
  const ledgers: Row[] = [
    ['ledger', 'asset', 'accounts', 'debits', 'credits', 'reserved'],
    ...result.ledgers.map((line) => [
      `${line.ledger}`,
      line.asset,
      `${line.accounts}`,
      `${line.debitsPosted}`,
      `${line.creditsPosted}`,
      `${line.debitsPending}`,
    ]),
  ]
  const payments: Row[] = [
    ['payments', 'state', 'count'],
    ...result.payments.map(({ kind, state, count }) => [kind, state, `${count}`]),
  ]
  const unresolved: Row[] = [
    ['never answered by', 'asset', 'packets', 'amount', 'first', 'last'],
    ...result.unresolved.map(({ peer, asset, packets, amount, firstAt, lastAt }) => [
      ...[peer, asset, `${packets}`, `${amount}`],
      ...[firstAt.toISOString(), lastAt.toISOString()],
    ]),
  ]
  const parts = [
    table(ledgers),
    table(payments),
    `open reservations: ${result.openReservations}`,
    ...(result.unresolved.length > 0 ? [table(unresolved)] : []),
    verdict(result.findings),
  ]
  return parts.join('\n\n')
}

/** For programs: amounts as text, since JSON has no integers beyond 2^53. */
export function auditJson(result: AuditResult): string {
  return JSON.stringify(result, (_key, value: unknown) => (typeof value === 'bigint' ? value.toString() : value))
}

function verdict(findings: readonly Finding[]): string {
  if (findings.length === 0) return 'no findings: every unit is accounted for'
  const lines = findings.map(
    ({ kind, subject, expected, found, advice }) =>
      `${kind}: ${subject}\n  expected: ${expected}\n  found:    ${found}\n  do:       ${advice}`,
  )
  return `${findings.length} ${findings.length === 1 ? 'finding' : 'findings'}\n\n${lines.join('\n')}`
}

function table(rows: readonly Row[]): string {
  const widths = rows.reduce<number[]>(
    (seen, row) => row.map((cell, index) => Math.max(cell.length, seen[index] ?? 0)),
    [],
  )
  return rows
    .map((row) =>
      row
        .map((cell, index) => alignCell(cell, widths[index] ?? 0))
        .join('  ')
        .trimEnd(),
    )
    .join('\n')
}

function alignCell(cell: string, width: number): string {
  return /^-?\d+$/.test(cell) ? cell.padStart(width) : cell.padEnd(width)
}
