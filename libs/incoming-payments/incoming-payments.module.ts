import { AccountingModule, Ledger } from '@kivuko/accounting'
import { AssetsModule, AssetsService } from '@kivuko/assets'
import { LocalReceiver } from '@kivuko/connector'
import { ChangeFeed, Clock, CONFIG, type Config, DataSource, JobQueue, SECRETS, type Secrets } from '@kivuko/platform'
import { WalletAddressesModule, WalletAddressesService } from '@kivuko/wallet-addresses'
import { WebhooksModule, WebhooksService } from '@kivuko/webhooks'
import { Module } from '@nestjs/common'
import { IncomingPaymentClosing } from './closing.js'
import { IncomingPaymentsService } from './incoming-payments.service.js'
import { LocalAdmissions } from './local-admissions.js'
import { OpenPayments } from './open-payments.js'
import { ReceivedAmounts } from './received-amounts.js'
import { IncomingPaymentSettlement } from './settlement.js'
import { StreamReceiver } from './stream-receiver.js'
import { StreamServers } from './stream-servers.js'

/** Exports the receiver of packets that end at this node, for `ConnectorModule.register`. */
@Module({
  imports: [AccountingModule, AssetsModule, WalletAddressesModule, WebhooksModule],
  providers: [
    {
      provide: StreamServers,
      useFactory: (config: Config, secrets: Secrets) => new StreamServers(config, secrets.streamSecret),
      inject: [CONFIG, SECRETS],
    },
    {
      provide: OpenPayments,
      useFactory: (dataSource: DataSource, ledger: Ledger, assets: AssetsService, feed: ChangeFeed) => {
        const openPayments = new OpenPayments(dataSource, ledger, assets, feed)
        openPayments.start()
        return openPayments
      },
      inject: [DataSource, Ledger, AssetsService, ChangeFeed],
    },
    {
      provide: IncomingPaymentClosing,
      useFactory: (
        dataSource: DataSource,
        clock: Clock,
        ledger: Ledger,
        assets: AssetsService,
        webhooks: WebhooksService,
        openPayments: OpenPayments,
      ) => new IncomingPaymentClosing(dataSource, clock, ledger, assets, webhooks, openPayments),
      inject: [DataSource, Clock, Ledger, AssetsService, WebhooksService, OpenPayments],
    },
    {
      provide: ReceivedAmounts,
      useFactory: (dataSource: DataSource, clock: Clock, closing: IncomingPaymentClosing) =>
        new ReceivedAmounts(dataSource, clock, closing),
      inject: [DataSource, Clock, IncomingPaymentClosing],
    },
    {
      provide: IncomingPaymentSettlement,
      useFactory: (
        dataSource: DataSource,
        clock: Clock,
        closing: IncomingPaymentClosing,
        receivedAmounts: ReceivedAmounts,
      ) => new IncomingPaymentSettlement(dataSource, clock, closing, receivedAmounts),
      inject: [DataSource, Clock, IncomingPaymentClosing, ReceivedAmounts],
    },
    {
      provide: LocalAdmissions,
      useFactory: (openPayments: OpenPayments, receivedAmounts: ReceivedAmounts, clock: Clock) =>
        new LocalAdmissions(openPayments, receivedAmounts, clock),
      inject: [OpenPayments, ReceivedAmounts, Clock],
    },
    {
      provide: LocalReceiver,
      useFactory: (
        servers: StreamServers,
        openPayments: OpenPayments,
        receivedAmounts: ReceivedAmounts,
        clock: Clock,
      ) => new StreamReceiver(servers, openPayments, receivedAmounts, clock),
      inject: [StreamServers, OpenPayments, ReceivedAmounts, Clock],
    },
    {
      provide: IncomingPaymentsService,
      useFactory: (
        config: Config,
        clock: Clock,
        dataSource: DataSource,
        ledger: Ledger,
        assets: AssetsService,
        walletAddresses: WalletAddressesService,
        webhooks: WebhooksService,
        jobs: JobQueue,
        openPayments: OpenPayments,
        servers: StreamServers,
        closing: IncomingPaymentClosing,
      ) =>
        new IncomingPaymentsService({
          config,
          clock,
          dataSource,
          ledger,
          assets,
          walletAddresses,
          webhooks,
          jobs,
          openPayments,
          servers,
          closing,
        }),
      inject: [
        CONFIG,
        Clock,
        DataSource,
        Ledger,
        AssetsService,
        WalletAddressesService,
        WebhooksService,
        JobQueue,
        OpenPayments,
        StreamServers,
        IncomingPaymentClosing,
      ],
    },
  ],
  exports: [IncomingPaymentsService, IncomingPaymentSettlement, LocalAdmissions, LocalReceiver],
})
export class IncomingPaymentsModule {}
