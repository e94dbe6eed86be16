import type { Ledger } from '@kivuko/accounting'
import type { Clock } from '@kivuko/platform'
import type { LedgerConfirmations } from './ledger-confirmations.js'

/** What charging needs to know of the node. */
export interface Reserving {
  readonly ledger: Ledger
  readonly confirmations: LedgerConfirmations
  readonly clock: Clock
  /** Longer than any packet is held: asserted at boot. */
  readonly timeoutSeconds: number
  readonly minMessageWindowMs: number
  readonly maxHoldTimeMs: number
}
