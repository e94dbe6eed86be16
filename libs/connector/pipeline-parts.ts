import type { Ledger } from '@kivuko/accounting'
import type { Clock, Logger } from '@kivuko/platform'
import type { Rates } from '@kivuko/rates'
import type { ConnectorMetrics } from './connector-metrics.js'
import type { PeerTransport } from './deliver.js'
import type { LedgerConfirmations } from './ledger-confirmations.js'
import type { LimitBuckets } from './limit-buckets.js'
import type { LocalReceiver } from './local-receiver.js'
import type { NodeAddress } from './node-address.js'
import type { StepTimes } from './step-times.js'
import type { PeerDirectory } from './steps/find-destination.js'

/** What the pipeline is built from; each step gets only its own part. */
export interface PipelineParts {
  readonly address: NodeAddress
  readonly clock: Clock
  readonly logger: Logger
  readonly metrics: ConnectorMetrics
  readonly ledger: Ledger
  readonly confirmations: LedgerConfirmations
  readonly peers: PeerDirectory
  readonly rates: Rates
  readonly receiver: LocalReceiver
  readonly transport: Pick<PeerTransport, 'send'>
  readonly minMessageWindowMs: number
  readonly maxHoldTimeMs: number
  readonly timeoutSeconds: number
  /** What is left of the limits of accounts; their own of this pipeline unless given. */
  readonly buckets?: LimitBuckets
  /** Measures the steps, when given. */
  readonly stepTimes?: StepTimes
}
