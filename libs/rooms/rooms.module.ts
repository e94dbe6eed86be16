import { AccountingModule, Ledger } from '@kivuko/accounting'
import { AssetsModule } from '@kivuko/assets'
import { ConnectorModule } from '@kivuko/connector'
import { GrantsModule } from '@kivuko/grants'
import { IncomingPaymentsModule } from '@kivuko/incoming-payments'
import { OutgoingPaymentsModule } from '@kivuko/outgoing-payments'
import { PaymentMethodsModule } from '@kivuko/payment-methods'
import { PeeringModule } from '@kivuko/peering'
import {
  ChangeFeed,
  Clock,
  type Config,
  closePlatform,
  DataSource,
  Metrics,
  openPlatform,
  PlatformModule,
  type Secrets,
} from '@kivuko/platform'
import { QuotesModule } from '@kivuko/quotes'
import { RatesModule } from '@kivuko/rates'
import { ReportsModule } from '@kivuko/reports'
import { TenantsModule } from '@kivuko/tenants'
import { WalletAddressesModule } from '@kivuko/wallet-addresses'
import { WebhooksModule } from '@kivuko/webhooks'
import { type INestApplicationContext, Module, type Type } from '@nestjs/common'
import { NestFactory } from '@nestjs/core'
import { Health } from './health.js'
import { QueueLag, tellQueueLag } from './queue-lag.js'
import { roomsEntities, roomsMigrations } from './schema.js'
import { withoutLifecycle } from './without-lifecycle.js'

/** Every room, in one container per process. The connector asks the incoming payments above it through LocalReceiver. */
@Module({
  imports: [
    TenantsModule,
    AccountingModule,
    AssetsModule,
    RatesModule,
    WebhooksModule,
    GrantsModule,
    PeeringModule,
    WalletAddressesModule,
    ConnectorModule.register(IncomingPaymentsModule),
    IncomingPaymentsModule,
    PaymentMethodsModule,
    QuotesModule,
    OutgoingPaymentsModule,
    ReportsModule,
  ],
  providers: [
    {
      provide: QueueLag,
      useFactory: (dataSource: DataSource, clock: Clock, metrics: Metrics) => {
        const lag = new QueueLag(dataSource, clock)
        tellQueueLag(metrics, lag)
        return lag
      },
      inject: [DataSource, Clock, Metrics],
    },
    {
      provide: Health,
      useFactory: (ledger: Ledger, feed: ChangeFeed, lag: QueueLag, clock: Clock) =>
        new Health(ledger, feed, lag, clock),
      inject: [Ledger, ChangeFeed, QueueLag, Clock],
    },
  ],
  exports: [Health],
})
export class RoomsModule {}

/** Migrates the database and opens every room. `config.databaseUrl` must be set; the result is closed after the doors. */
export async function openRooms(config: Config, secrets: Secrets): Promise<INestApplicationContext> {
  const platform = await openPlatform(config, secrets, { entities: roomsEntities, migrations: roomsMigrations })
  try {
    const root = { module: RoomsModule, imports: [PlatformModule.register(platform)] }
    return await NestFactory.createApplicationContext(root, { logger: false, abortOnError: false })
  } catch (error) {
    await closePlatform(platform)
    throw error
  }
}

/** The rooms' own services as providers of a door's container, which neither starts nor stops them. */
export function provideFrom(rooms: INestApplicationContext, tokens: readonly Token[]) {
  return tokens.map((provide) => ({ provide, useValue: withoutLifecycle(rooms.get<unknown>(provide)) }))
}

/** What a provider is asked for by: a class, a port (an abstract class), or a symbol. */
export type Token = Type | (abstract new (...dependencies: never[]) => unknown) | symbol
