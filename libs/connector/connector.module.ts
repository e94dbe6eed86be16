import { AccountingModule, Ledger } from '@kivuko/accounting'
import { PeeringModule, PeersService } from '@kivuko/peering'
import { ChangeFeed, Clock, CONFIG, type Config, DataSource, LOGGER, type Logger, Metrics } from '@kivuko/platform'
import { Rates, RatesModule } from '@kivuko/rates'
import { type DynamicModule, Module, type Type } from '@nestjs/common'
import { tellBalances } from './balance-gauge.js'
import { BookDifferences } from './book-differences.js'
import { ConnectorService } from './connector.service.js'
import { createConnector } from './create-connector.js'
import { wireOver } from './http/reply-relay.js'
import { tellPausedLinks } from './link-gauge.js'
import { LocalReceiver } from './local-receiver.js'

/**
 * Global, since whoever sends needs the one pipeline. The receiver is a room above this one: `register` gets the
 * module that exports it under LocalReceiver.
 */
@Module({})
export class ConnectorModule {
  static register(receiverModule: Type | DynamicModule): DynamicModule {
    return {
      module: ConnectorModule,
      global: true,
      imports: [AccountingModule, PeeringModule, RatesModule, receiverModule],
      providers: [
        {
          provide: BookDifferences,
          useFactory: (dataSource: DataSource, clock: Clock, logger: Logger) =>
            new BookDifferences(dataSource, clock, logger),
          inject: [DataSource, Clock, LOGGER],
        },
        {
          provide: ConnectorService,
          useFactory: (
            config: Config,
            clock: Clock,
            logger: Logger,
            metrics: Metrics,
            feed: ChangeFeed,
            ledger: Ledger,
            peers: PeersService,
            rates: Rates,
            receiver: LocalReceiver,
            differences: BookDifferences,
            dataSource: DataSource,
          ) => {
            tellBalances(metrics, ledger, () => peers.all())
            const wire = wireOver(feed, dataSource)
            const connector = createConnector({
              config,
              clock,
              logger,
              metrics,
              feed,
              ledger,
              peers,
              rates,
              receiver,
              differences,
              processes: feed.processes,
              wire,
            })
            tellPausedLinks(metrics, connector.live, () => peers.all())
            return connector
          },
          inject: [
            CONFIG,
            Clock,
            LOGGER,
            Metrics,
            ChangeFeed,
            Ledger,
            PeersService,
            Rates,
            LocalReceiver,
            BookDifferences,
            DataSource,
          ],
        },
      ],
      exports: [ConnectorService, BookDifferences],
    }
  }
}
