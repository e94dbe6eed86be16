import { type AuditResult, type Finding, isClean } from './audit.js'
import { differenceKinds, differenceTexts } from './difference-kinds.js'
import type { OpenDifferences } from './difference-tally.js'

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
  const parts = [
    table(ledgers),
    table(payments),
    `open reservations: ${result.openReservations}`,
    ...(result.differences.sums.length > 0 ? differenceParts(result.differences) : []),
    verdict(result),
  ]
  return parts.join('\n\n')
}

// How a difference is closed; docs/operating.md says it at length.
const TO_CLOSE = [
  'To close a difference: agree with the peer on what counts, move what is owed (depositPeerLiquidity,',
  'createPeerLiquidityWithdrawal), then call closeBookDifference with its id, the reason and the amount that was agreed on.',
].join('\n')

function differenceParts({ sums, packets, leftOff }: OpenDifferences): string[] {
  const byPeer: Row[] = [
    ['to compare with', 'kind', 'packets', 'amount', 'asset', 'first', 'last'],
    ...sums.map(({ peer, kind, packets, amount, asset, firstAt, lastAt }) => [
      ...[peer, kind, `${packets}`, `${amount}`, asset, firstAt.toISOString(), lastAt.toISOString()],
    ]),
  ]
  const found = new Set(sums.map(({ kind }) => kind))
  const meanings = differenceKinds
    .filter((kind) => found.has(kind))
    .map((kind) => `${kind}: ${differenceTexts[kind].meaning}\n  do: ${differenceTexts[kind].advice}`)
  const onePerPacket: Row[] = [
    ['difference', 'kind', 'peer', 'amount', 'asset', 'noted at'],
    ...packets.map(({ id, kind, peer, amount, asset, notedAt }) => [
      ...[id, kind, peer, `${amount}`, asset, notedAt.toISOString()],
    ]),
  ]
  const more =
    leftOff === 0 ? '' : `\nand ${leftOff} more: the query bookDifferences of the admin API lists those that were noted`
  return [table(byPeer), meanings.join('\n'), `${table(onePerPacket)}${more}`, TO_CLOSE]
}

/** For programs: amounts as text, since JSON has no integers beyond 2^53. */
export function auditJson(result: AuditResult): string {
  return JSON.stringify(result, (_key, value: unknown) => (typeof value === 'bigint' ? value.toString() : value))
}

function verdict({ findings, differences }: AuditResult): string {
  if (isClean({ findings, differences })) return 'no findings: every unit is accounted for'
  if (findings.length > 0) return listed(findings)
  const packets = differences.sums.reduce((sum, { packets }) => sum + packets, 0)
  return `no findings, but ${packets} ${packets === 1 ? 'packet' : 'packets'} to compare with the books of peers`
}

function listed(findings: readonly Finding[]): string {
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
