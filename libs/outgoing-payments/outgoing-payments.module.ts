import { AccountingModule, Ledger } from '@kivuko/accounting'
import { AssetsModule, AssetsService, EventLiquidity, Liquidity } from '@kivuko/assets'
import { BookDifferences } from '@kivuko/connector'
import { PaymentMethods, PaymentMethodsModule } from '@kivuko/payment-methods'
import {
  Clock,
  CONFIG,
  type Config,
  DataSource,
  GroupedStatements,
  JobQueue,
  LOGGER,
  type Logger,
} from '@kivuko/platform'
import { QuotesModule, QuotesService, ReceiversService } from '@kivuko/quotes'
import { WalletAddressesModule, WalletAddressesService } from '@kivuko/wallet-addresses'
import { WebhooksModule, WebhooksService } from '@kivuko/webhooks'
import { Module } from '@nestjs/common'
import { OutgoingPaymentAdvancing } from './advancing.js'
import { PaymentAttempts } from './attempt.js'
import { PaymentEnding } from './ending.js'
import { PaymentFunding } from './funding.js'
import { Leases } from './leases.js'
import { OutgoingPaymentsService } from './outgoing-payments.service.js'
import { PaymentAccounts } from './payment-accounts.js'
import { PaymentSending } from './sending.js'
import { UnknownPackets } from './unknown-packets.js'

@Module({
  imports: [AccountingModule, AssetsModule, WalletAddressesModule, WebhooksModule, QuotesModule, PaymentMethodsModule],
  providers: [
    {
      provide: PaymentAccounts,
      useFactory: (ledger: Ledger, assets: AssetsService) => new PaymentAccounts(ledger, assets),
      inject: [Ledger, AssetsService],
    },
    {
      provide: PaymentEnding,
      useFactory: (
        dataSource: DataSource,
        grouped: GroupedStatements,
        clock: Clock,
        accounts: PaymentAccounts,
        webhooks: WebhooksService,
      ) => new PaymentEnding(dataSource, grouped, clock, accounts, webhooks),
      inject: [DataSource, GroupedStatements, Clock, PaymentAccounts, WebhooksService],
    },
    {
      provide: PaymentFunding,
      useFactory: (
        dataSource: DataSource,
        grouped: GroupedStatements,
        clock: Clock,
        ledger: Ledger,
        jobs: JobQueue,
        accounts: PaymentAccounts,
        ending: PaymentEnding,
      ) => new PaymentFunding({ dataSource, grouped, clock, ledger, jobs, accounts, ending }),
      inject: [DataSource, GroupedStatements, Clock, Ledger, JobQueue, PaymentAccounts, PaymentEnding],
    },
    {
      provide: PaymentAttempts,
      useFactory: (
        config: Config,
        ledger: Ledger,
        accounts: PaymentAccounts,
        receivers: ReceiversService,
        methods: PaymentMethods,
        doubts: BookDifferences,
        clock: Clock,
        log: Logger,
      ) => {
        const { maxHoldTimeMs } = config
        const unknownPackets = new UnknownPackets({ ledger, accounts, receivers, doubts, clock, log, maxHoldTimeMs })
        return new PaymentAttempts(accounts, receivers, methods, unknownPackets, clock)
      },
      inject: [CONFIG, Ledger, PaymentAccounts, ReceiversService, PaymentMethods, BookDifferences, Clock, LOGGER],
    },
    {
      provide: PaymentSending,
      useFactory: (
        config: Config,
        dataSource: DataSource,
        grouped: GroupedStatements,
        clock: Clock,
        jobs: JobQueue,
        log: Logger,
        accounts: PaymentAccounts,
        attempts: PaymentAttempts,
        ending: PaymentEnding,
      ) => {
        const leases = new Leases(dataSource, grouped, clock, log, config.workerLeaseMs)
        const policy = { maxRetries: config.maxOutgoingPaymentRetryAttempts, random: Math.random }
        return new PaymentSending({ dataSource, clock, jobs, log, accounts, leases, attempts, ending, policy })
      },
      inject: [
        CONFIG,
        DataSource,
        GroupedStatements,
        Clock,
        JobQueue,
        LOGGER,
        PaymentAccounts,
        PaymentAttempts,
        PaymentEnding,
      ],
    },
    {
      provide: OutgoingPaymentAdvancing,
      useFactory: (
        dataSource: DataSource,
        clock: Clock,
        jobs: JobQueue,
        funding: PaymentFunding,
        sending: PaymentSending,
      ) => new OutgoingPaymentAdvancing(dataSource, clock, jobs, funding, sending),
      inject: [DataSource, Clock, JobQueue, PaymentFunding, PaymentSending],
    },
    {
      provide: OutgoingPaymentsService,
      useFactory: (
        clock: Clock,
        dataSource: DataSource,
        grouped: GroupedStatements,
        log: Logger,
        ledger: Ledger,
        walletAddresses: WalletAddressesService,
        webhooks: WebhooksService,
        quotes: QuotesService,
        receivers: ReceiversService,
        accounts: PaymentAccounts,
        funding: PaymentFunding,
      ) =>
        new OutgoingPaymentsService({
          clock,
          dataSource,
          grouped,
          log,
          walletAddresses,
          webhooks,
          quotes,
          receivers,
          accounts,
          funding,
          liquidity: new Liquidity(ledger),
          eventLiquidity: new EventLiquidity(ledger),
        }),
      inject: [
        Clock,
        DataSource,
        GroupedStatements,
        LOGGER,
        Ledger,
        WalletAddressesService,
        WebhooksService,
        QuotesService,
        ReceiversService,
        PaymentAccounts,
        PaymentFunding,
      ],
    },
  ],
  exports: [OutgoingPaymentsService, OutgoingPaymentAdvancing],
})
export class OutgoingPaymentsModule {}
