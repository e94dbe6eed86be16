import { AccountingModule, Ledger } from '@kivuko/accounting'
import { AssetsModule, AssetsService } from '@kivuko/assets'
import { LocalReceiver } from '@kivuko/connector'
import {
  ChangeFeed,
  Clock,
  CONFIG,
  type Config,
  DataSource,
  GroupedStatements,
  JobQueue,
  LOGGER,
  type Logger,
  SECRETS,
  type Secrets,
} from '@kivuko/platform'
import { WalletAddressesModule, WalletAddressesService } from '@kivuko/wallet-addresses'
import { WebhooksModule, WebhooksService } from '@kivuko/webhooks'
import { Module } from '@nestjs/common'
import { IncomingPaymentClosing } from './closing.js'
import { ConnectionTotals } from './connection-totals.js'
import { CreditsCatchUp } from './credits-catch-up.js'
import { shortenPayments } from './deactivation.js'
import { IncomingPaymentDecisions } from './decisions.js'
import { HeldPayments } from './held-payments.js'
import { IncomingPaymentsService } from './incoming-payments.service.js'
import { LocalAdmissions } from './local-admissions.js'
import { openConnectionTotals } from './open-connection-totals.js'
import { ReceivedAmounts } from './received-amounts.js'
import { RecentRows } from './recent-rows.js'
import { IncomingPaymentSettlement } from './settlement.js'
import { StreamReceiver } from './stream-receiver.js'
import { StreamServers } from './stream-servers.js'
import { TaggedReceivers } from './tagged-receivers.js'
import { WalletAddressReceipts } from './wallet-address-receipts.js'
import { WalletAddressReceiver } from './wallet-address-receiver.js'

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
      provide: HeldPayments,
      useFactory: (dataSource: DataSource, ledger: Ledger, assets: AssetsService, feed: ChangeFeed) => {
        const heldPayments = new HeldPayments(dataSource, ledger, assets, feed)
        heldPayments.start()
        return heldPayments
      },
      inject: [DataSource, Ledger, AssetsService, ChangeFeed],
    },
    {
      provide: RecentRows,
      useFactory: (feed: ChangeFeed) => {
        const recent = new RecentRows(feed)
        recent.start()
        return recent
      },
      inject: [ChangeFeed],
    },
    {
      provide: IncomingPaymentClosing,
      useFactory: (
        dataSource: DataSource,
        grouped: GroupedStatements,
        clock: Clock,
        ledger: Ledger,
        assets: AssetsService,
        webhooks: WebhooksService,
        heldPayments: HeldPayments,
        recent: RecentRows,
      ) => new IncomingPaymentClosing(dataSource, grouped, clock, ledger, assets, webhooks, heldPayments, recent),
      inject: [DataSource, GroupedStatements, Clock, Ledger, AssetsService, WebhooksService, HeldPayments, RecentRows],
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
      provide: CreditsCatchUp,
      useFactory: (settlement: IncomingPaymentSettlement, receipts: WalletAddressReceipts, log: Logger) =>
        new CreditsCatchUp(settlement, receipts, log),
      inject: [IncomingPaymentSettlement, WalletAddressReceipts, LOGGER],
    },
    {
      provide: LocalAdmissions,
      useFactory: (heldPayments: HeldPayments, receivedAmounts: ReceivedAmounts, clock: Clock) =>
        new LocalAdmissions(heldPayments, receivedAmounts, clock),
      inject: [HeldPayments, ReceivedAmounts, Clock],
    },
    {
      provide: ConnectionTotals,
      useFactory: (config: Config, dataSource: DataSource, clock: Clock, log: Logger) =>
        openConnectionTotals(config, dataSource, clock, log),
      inject: [CONFIG, DataSource, Clock, LOGGER],
    },
    {
      provide: LocalReceiver,
      useFactory: (
        servers: StreamServers,
        heldPayments: HeldPayments,
        receivedAmounts: ReceivedAmounts,
        walletAddresses: WalletAddressesService,
        receipts: WalletAddressReceipts,
        totals: ConnectionTotals,
        clock: Clock,
      ) =>
        new TaggedReceivers(
          servers,
          new StreamReceiver(servers, heldPayments, receivedAmounts, clock),
          new WalletAddressReceiver(servers, walletAddresses, receipts, totals, clock),
        ),
      inject: [
        StreamServers,
        HeldPayments,
        ReceivedAmounts,
        WalletAddressesService,
        WalletAddressReceipts,
        ConnectionTotals,
        Clock,
      ],
    },
    {
      provide: WalletAddressReceipts,
      useFactory: (
        config: Config,
        clock: Clock,
        dataSource: DataSource,
        ledger: Ledger,
        walletAddresses: WalletAddressesService,
        webhooks: WebhooksService,
        jobs: JobQueue,
        servers: StreamServers,
      ) => new WalletAddressReceipts({ config, clock, dataSource, ledger, walletAddresses, webhooks, jobs, servers }),
      inject: [CONFIG, Clock, DataSource, Ledger, WalletAddressesService, WebhooksService, JobQueue, StreamServers],
    },
    {
      provide: IncomingPaymentsService,
      useFactory: (
        config: Config,
        clock: Clock,
        log: Logger,
        dataSource: DataSource,
        grouped: GroupedStatements,
        ledger: Ledger,
        assets: AssetsService,
        walletAddresses: WalletAddressesService,
        webhooks: WebhooksService,
        jobs: JobQueue,
        heldPayments: HeldPayments,
        servers: StreamServers,
        closing: IncomingPaymentClosing,
        recent: RecentRows,
      ) => {
        walletAddresses.whenDeactivated(shortenPayments(config, clock, recent))
        return new IncomingPaymentsService({
          config,
          clock,
          log,
          dataSource,
          grouped,
          ledger,
          assets,
          walletAddresses,
          webhooks,
          jobs,
          heldPayments,
          servers,
          closing,
          recent,
        })
      },
      inject: [
        CONFIG,
        Clock,
        LOGGER,
        DataSource,
        GroupedStatements,
        Ledger,
        AssetsService,
        WalletAddressesService,
        WebhooksService,
        JobQueue,
        HeldPayments,
        StreamServers,
        IncomingPaymentClosing,
        RecentRows,
      ],
    },
    {
      provide: IncomingPaymentDecisions,
      useFactory: (
        dataSource: DataSource,
        clock: Clock,
        jobs: JobQueue,
        payments: IncomingPaymentsService,
        closing: IncomingPaymentClosing,
        recent: RecentRows,
      ) => new IncomingPaymentDecisions({ dataSource, clock, jobs, payments, closing, recent }),
      inject: [DataSource, Clock, JobQueue, IncomingPaymentsService, IncomingPaymentClosing, RecentRows],
    },
  ],
  exports: [
    IncomingPaymentsService,
    IncomingPaymentDecisions,
    IncomingPaymentSettlement,
    LocalAdmissions,
    LocalReceiver,
  ],
})
export class IncomingPaymentsModule {}
