import type { Ledger } from '@kivuko/accounting'
import type { Clock, Logger, ProcessLiveness } from '@kivuko/platform'
import type { DifferenceLog } from './book-differences.js'
import type { ConnectorMetrics } from './connector-metrics.js'
import type { PeerTransport } from './deliver.js'
import type { LedgerConfirmations } from './ledger-confirmations.js'
import type { OwnerOutcomes } from './owner-outcomes.js'
import type { PeerDirectory } from './steps/find-destination.js'

/** What charging needs to know of the node. */
export interface ChargingDependencies {
  readonly ledger: Ledger
  readonly confirmations: LedgerConfirmations
  readonly differences: DifferenceLog
  readonly processes: ProcessLiveness
  readonly ownerOutcomes: OwnerOutcomes
  readonly transport: Pick<PeerTransport, 'chargesRepeatsOnce'>
  readonly peers: Pick<PeerDirectory, 'find'>
  readonly clock: Clock
  readonly logger: Logger
  readonly metrics: ConnectorMetrics
  /** The shortest life of a reservation. */
  readonly timeoutSeconds: number
  /** How long the ledger may be away without a fulfilled packet's reservation ending before its post. */
  readonly ledgerOutageSeconds: number
  readonly minMessageWindowMs: number
  readonly maxHoldTimeMs: number
}
