import type { ChangeFeed } from '@kivuko/platform'
import type { Rates } from '@kivuko/rates'
import type { ChargingDependencies } from './charging-dependencies.js'
import type { PeerTransport } from './deliver.js'
import type { LimitBuckets } from './limit-buckets.js'
import type { LocalReceiver } from './local-receiver.js'
import type { NodeAddress } from './node-address.js'
import type { PacketsInFlight } from './packets-in-flight.js'
import type { PeerPlaces } from './peer-places.js'
import type { StepTimes } from './step-times.js'
import type { PeerDirectory } from './steps/find-destination.js'

/** What the pipeline is built from; each step gets only its own part. */
export interface PipelineParts {
  readonly address: NodeAddress
  readonly charging: ChargingDependencies
  readonly feed: Pick<ChangeFeed, 'isSilent'>
  readonly inFlight?: PacketsInFlight
  readonly peers: PeerDirectory
  readonly rates: Rates
  readonly receiver: LocalReceiver
  readonly transport: Omit<PeerTransport, 'close'>
  /** What is left of the limits of accounts; their own of this pipeline unless given. */
  readonly buckets?: LimitBuckets
  /** The places for packets under way to peers; their own of this pipeline unless given. */
  readonly places?: PeerPlaces
  /** Measures the steps, when given. */
  readonly stepTimes?: StepTimes
}
