import type { Ledger } from '@kivuko/accounting'
import type { ChangeFeed, Clock, Config, Logger, Metrics } from '@kivuko/platform'
import type { Rates } from '@kivuko/rates'
import { Alerts } from './alerts.js'
import { assertHoldTimes } from './assert-hold-times.js'
import { ConnectorService } from './connector.service.js'
import { ConnectorMetrics } from './connector-metrics.js'
import type { PeerTransport } from './deliver.js'
import { openExchange } from './http/exchange.js'
import type { ReplyWire } from './http/reply-relay.js'
import { LedgerConfirmations } from './ledger-confirmations.js'
import { LimitBuckets } from './limit-buckets.js'
import { LiveView } from './live-view.js'
import type { LocalReceiver } from './local-receiver.js'
import { NodeAddress } from './node-address.js'
import { PacketRecords } from './packet-records.js'
import { buildPipeline } from './pipeline.js'
import { StepTimes } from './step-times.js'
import type { PeerDirectory } from './steps/find-destination.js'
import type { UnresolvedPackets } from './unresolved-packets.js'

// A payment takes a few dozen packets; a thousand show the last minutes of a quiet node, in less than 1 MB.
const KEPT_RECORDS = 1_000

/** What a connector stands on: the node's settings, and the rooms below and above it. */
export interface ConnectorSurroundings {
  readonly config: Pick<
    Config,
    'ilpAddress' | 'operatorTenantId' | 'minMessageWindowMs' | 'maxHoldTimeMs' | 'ledgerTwoPhaseTimeoutSeconds'
  > &
    Partial<Pick<Config, 'ilpConnectorUrl'>>
  readonly clock: Clock
  readonly logger: Logger
  readonly metrics: Metrics
  readonly feed: Pick<ChangeFeed, 'isSilent'>
  readonly ledger: Ledger
  readonly peers: PeerDirectory
  readonly rates: Rates
  readonly receiver: LocalReceiver
  readonly unresolved?: UnresolvedPackets
  /** To the other processes of the node, for replies that arrive there; undefined where there are none. */
  readonly wire?: ReplyWire
  /** How packets leave; ILP over HTTP unless given. */
  readonly transport?: PeerTransport
}

/** Throws ConfigError when the ledger would free reservations while their packets may still be held. */
export function createConnector(surroundings: ConnectorSurroundings): ConnectorService {
  const { config, clock, logger, feed, ledger, peers, rates, receiver } = surroundings
  assertHoldTimes(config)
  const { minMessageWindowMs, maxHoldTimeMs, ledgerTwoPhaseTimeoutSeconds: timeoutSeconds } = config
  const address = new NodeAddress(config.ilpAddress, config.operatorTenantId)
  const alerts = new Alerts(clock)
  const metrics = new ConnectorMetrics(surroundings.metrics, alerts)
  const buckets = new LimitBuckets()
  const confirmations = new LedgerConfirmations(ledger, metrics, logger)
  const exchange = openExchange({ connectorUrl: config.ilpConnectorUrl, wire: surroundings.wire, clock, logger })
  const transport = surroundings.transport ?? exchange.transport
  const times = { minMessageWindowMs, maxHoldTimeMs, timeoutSeconds }
  const pipeline = buildPipeline({
    ...{ address, clock, logger, metrics, ledger, confirmations, peers, rates, receiver, transport },
    ...times,
    ...{ buckets, stepTimes: new StepTimes(surroundings.metrics) },
  })
  const records = new PacketRecords(KEPT_RECORDS)
  const live = new LiveView(metrics, buckets, alerts, clock, (peer) => exchange.transport.linksOf(peer))
  return new ConnectorService({
    pipeline,
    address,
    clock,
    feed,
    records,
    metrics,
    confirmations,
    transport,
    exchange,
    live,
    unresolved: surroundings.unresolved,
  })
}
