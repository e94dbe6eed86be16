import type { LedgerTotals } from '@kivuko/accounting'

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

/** Packets that one peer never answered: it may count them, we do not. */
export interface UnresolvedLine {
  readonly peerId: string
  readonly peer: string
  readonly asset: string
  readonly packets: number
  readonly amount: bigint
  readonly firstAt: Date
  readonly lastAt: Date
}

export interface AuditResult {
  readonly at: Date
  readonly ledgers: readonly LedgerLine[]
  readonly payments: readonly PaymentLine[]
  readonly openReservations: number
  /** No finding, since nothing is wrong here: for comparing with the peers' books. */
  readonly unresolved: readonly UnresolvedLine[]
  readonly findings: readonly Finding[]
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
