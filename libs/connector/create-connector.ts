import { randomInt } from 'node:crypto'
import type { Ledger } from '@kivuko/accounting'
import type { ChangeFeed, Clock, Config, Logger, Metrics, ProcessLiveness } from '@kivuko/platform'
import type { Rates } from '@kivuko/rates'
import { AbandonedReservations } from './abandoned-reservations.js'
import { Alerts } from './alerts.js'
import type { DifferenceLog } from './book-differences.js'
import type { ChargingDependencies } from './charging-dependencies.js'
import { ConnectorService } from './connector.service.js'
import { ConnectorMetrics } from './connector-metrics.js'
import type { PeerTransport } from './deliver.js'
import { openExchange } from './http/exchange.js'
import type { ReplyWire } from './http/reply-relay.js'
import { LateCharges } from './late-charges.js'
import { LedgerConfirmations } from './ledger-confirmations.js'
import { LimitBuckets } from './limit-buckets.js'
import { LiveView } from './live-view.js'
import type { LocalReceiver } from './local-receiver.js'
import { NodeAddress } from './node-address.js'
import { OwnerOutcomes } from './owner-outcomes.js'
import { PacketRecords } from './packet-records.js'
import { PacketsInFlight } from './packets-in-flight.js'
import { PeerPlaces } from './peer-places.js'
import { buildPipeline } from './pipeline.js'
import { StepTimes } from './step-times.js'
import type { PeerDirectory } from './steps/find-destination.js'

const LEDGER_OUTAGE_SECONDS = 60
// A payment takes a few dozen packets; a thousand show the last minutes of a quiet node, in less than 1 MB.
const KEPT_RECORDS = 1_000

/** What a connector stands on: the node's settings, and the rooms below and above it. */
export interface ConnectorSurroundings {
  readonly config: Pick<
    Config,
    'ilpAddress' | 'operatorTenantId' | 'minMessageWindowMs' | 'maxHoldTimeMs' | 'ledgerTwoPhaseTimeoutSeconds'
  > &
    Partial<Pick<Config, 'ilpConnectorUrl' | 'ledgerMaxOutageSeconds'>>
  readonly clock: Clock
  readonly logger: Logger
  readonly metrics: Metrics
  readonly feed: Pick<ChangeFeed, 'isSilent'>
  readonly ledger: Ledger
  readonly peers: PeerDirectory
  readonly rates: Rates
  readonly receiver: LocalReceiver
  /** Where what our books and a peer's may differ by is kept; only in the log unless given. */
  readonly differences?: DifferenceLog
  /** Which processes of this node are running; this one alone unless given. */
  readonly processes?: ProcessLiveness
  /** To the other processes of the node, for replies that arrive there; undefined where there are none. */
  readonly wire?: ReplyWire
  /** How packets leave; ILP over HTTP unless given. */
  readonly transport?: PeerTransport
}

export function createConnector(surroundings: ConnectorSurroundings): ConnectorService {
  const { config, clock, logger, feed, ledger, peers, rates, receiver } = surroundings
  const address = new NodeAddress(config.ilpAddress, config.operatorTenantId)
  const alerts = new Alerts(clock)
  const metrics = new ConnectorMetrics(surroundings.metrics, alerts)
  const buckets = new LimitBuckets()
  const places = new PeerPlaces(clock)
  const { wire, processes = aloneInNode(), differences = differencesInLog(logger) } = surroundings
  const confirmations = new LedgerConfirmations(ledger, metrics, logger, new LateCharges(ledger, differences, logger))
  const exchange = openExchange({ connectorUrl: config.ilpConnectorUrl, wire, clock, logger })
  const transport = surroundings.transport ?? exchange.transport
  const inFlight = new PacketsInFlight()
  const ownerOutcomes = new OwnerOutcomes(processes, wire)
  ownerOutcomes.tellOf(inFlight)
  const charging: ChargingDependencies = {
    ...{ ledger, confirmations, differences, processes, ownerOutcomes, transport, peers, clock, logger, metrics },
    timeoutSeconds: config.ledgerTwoPhaseTimeoutSeconds,
    ledgerOutageSeconds: config.ledgerMaxOutageSeconds ?? LEDGER_OUTAGE_SECONDS,
    minMessageWindowMs: config.minMessageWindowMs,
    maxHoldTimeMs: config.maxHoldTimeMs,
  }
  const pipeline = buildPipeline({
    ...{ address, charging, feed, peers, rates, receiver, transport, inFlight },
    ...{ buckets, places, stepTimes: new StepTimes(surroundings.metrics) },
  })
  const abandoned = new AbandonedReservations(charging)
  // Where nothing outlives the process, none can have left anything.
  if (ledger.isDurable) abandoned.start()
  const records = new PacketRecords(KEPT_RECORDS)
  const live = new LiveView(metrics, buckets, alerts, clock, (peer) => exchange.transport.linksOf(peer))
  return new ConnectorService({
    pipeline,
    address,
    clock,
    records,
    metrics,
    confirmations,
    places,
    transport,
    exchange,
    live,
    abandoned,
    chargesRepeatsOnce: ledger.isDurable,
  })
}

function aloneInNode(): ProcessLiveness {
  const ownId = randomInt(1, 2 ** 31 - 1)
  return { ownId, isGone: (id) => id !== ownId, onGone: () => undefined }
}

function differencesInLog(logger: Logger): DifferenceLog {
  return {
    async note({ ledgerId, kind, peerId, amount }) {
      logger.warn({ packet: String(ledgerId), kind, peerId, amount: `${amount}` }, "our books and a peer's may differ")
    },
  }
}
