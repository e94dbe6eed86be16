import { AccountingModule, Ledger } from '@kivuko/accounting'
import { PeeringModule, PeersService } from '@kivuko/peering'
import { ChangeFeed, Clock, CONFIG, type Config, LOGGER, type Logger, Metrics } from '@kivuko/platform'
import { Rates, RatesModule } from '@kivuko/rates'
import { type DynamicModule, Module, type Type } from '@nestjs/common'
import { assertHoldTimes } from './assert-hold-times.js'
import { ConnectorService } from './connector.service.js'
import { ConnectorMetrics } from './connector-metrics.js'
import { HttpTransport } from './http-transport.js'
import { LedgerConfirmations } from './ledger-confirmations.js'
import { LocalReceiver } from './local-receiver.js'
import { NodeAddress } from './node-address.js'
import { PacketRecords } from './packet-records.js'
import { buildPipeline } from './pipeline.js'

// A payment of the demo takes a few dozen packets; a thousand show the last minute of a quiet node, in less than 1 MB.
const KEPT_RECORDS = 1_000

/**
 * Global, since whoever sends needs the one pipeline. The receiver is a room above this one: `register` gets the
 * module that exports it under LocalReceiver.
 */
@Module({})
export class ConnectorModule {
  static register(receiverModule: Type): DynamicModule {
    return {
      module: ConnectorModule,
      global: true,
      imports: [AccountingModule, PeeringModule, RatesModule, receiverModule],
      providers: [
        {
          provide: ConnectorService,
          useFactory: connectorFrom,
          inject: [CONFIG, Clock, LOGGER, Metrics, ChangeFeed, Ledger, PeersService, Rates, LocalReceiver],
        },
      ],
      exports: [ConnectorService],
    }
  }
}

function connectorFrom(
  config: Config,
  clock: Clock,
  logger: Logger,
  registry: Metrics,
  feed: ChangeFeed,
  ledger: Ledger,
  peers: PeersService,
  rates: Rates,
  receiver: LocalReceiver,
): ConnectorService {
  assertHoldTimes(config)
  const { minMessageWindowMs, maxHoldTimeMs, ledgerTwoPhaseTimeoutSeconds: timeoutSeconds } = config
  const address = new NodeAddress(config.ilpAddress, config.operatorTenantId)
  const metrics = new ConnectorMetrics(registry)
  const confirmations = new LedgerConfirmations(ledger, metrics, logger)
  const transport = new HttpTransport(clock)
  const times = { minMessageWindowMs, maxHoldTimeMs, timeoutSeconds }
  const parts = { address, clock, logger, ledger, confirmations, peers, rates, receiver, transport, ...times }
  const records = new PacketRecords(KEPT_RECORDS)
  return new ConnectorService({
    pipeline: buildPipeline(parts),
    address,
    clock,
    feed,
    records,
    metrics,
    confirmations,
    transport,
  })
}
