import type { LedgerTotals } from '@kivuko/accounting'
import type { OpenDifferences, PeerSum } from './difference-tally.js'

export type FindingKind =
  | 'ledger-unbalanced'
  | 'account-beyond-limit'
  | 'reservation-overdue'
  | 'payment-differs'
  | 'account-without-row'
  | 'row-without-account'

/** Something an operator must look at: `subject` names it, `expected` and `found` say what does not fit, `advice` what to do. */
export interface Finding {
  readonly kind: FindingKind
  readonly subject: string
  readonly expected: string
  readonly found: string
  readonly advice: string
}

/** One ledger's sums beside the asset it keeps. */
export interface LedgerLine extends LedgerTotals {
  readonly asset: string
}

/** How many payments stand in one state. */
export interface PaymentLine {
  readonly kind: 'outgoing' | 'incoming'
  readonly state: string
  readonly count: number
}

export interface AuditResult {
  readonly at: Date
  readonly ledgers: readonly LedgerLine[]
  readonly payments: readonly PaymentLine[]
  readonly openReservations: number
  /** By which packets peers' books may differ from ours, until an operator closes them. */
  readonly differences: OpenDifferences
  /** The same, summed by peer. */
  readonly unresolved: readonly PeerSum[]
  readonly findings: readonly Finding[]
}

/** Whether nothing asks for an operator: no finding, and no difference to compare with a peer. */
export function isClean({ findings, differences }: Pick<AuditResult, 'findings' | 'differences'>): boolean {
  return findings.length === 0 && differences.sums.length === 0
}

/** What one look gathers; past the limit nothing is kept, so that a broken node cannot fill the memory. */
export class FindingList {
  readonly kept: Finding[] = []

  constructor(private readonly limit: number) {}

  add(finding: Finding): void {
    if (this.kept.length < this.limit) this.kept.push(finding)
  }

  addIf(finding: Finding | undefined): void {
    if (finding !== undefined) this.add(finding)
  }
}
