import { AssetsModule, AssetsService } from '@kivuko/assets'
import { IncomingPaymentsModule, IncomingPaymentsService } from '@kivuko/incoming-payments'
import { PaymentMethods, PaymentMethodsModule } from '@kivuko/payment-methods'
import { Clock, CONFIG, type Config, DataSource, GroupedStatements, SECRETS } from '@kivuko/platform'
import { WalletAddressesModule, WalletAddressesService } from '@kivuko/wallet-addresses'
import { Module } from '@nestjs/common'
import { QuotesService } from './quotes.service.js'
import { openRemoteReceivers } from './receivers/open-remote-receivers.js'
import { ReceiversService } from './receivers/receivers.service.js'
import { RemoteConnections } from './receivers/remote-connections.js'
import { RemoteReceivers } from './receivers/remote-receivers.js'

@Module({
  imports: [AssetsModule, WalletAddressesModule, IncomingPaymentsModule, PaymentMethodsModule],
  providers: [
    {
      provide: RemoteConnections,
      useFactory: (config: Config) => new RemoteConnections({ allowLocal: config.openPaymentsAllowLocalClients }),
      inject: [CONFIG],
    },
    {
      provide: RemoteReceivers,
      useFactory: openRemoteReceivers,
      inject: [CONFIG, SECRETS, Clock, DataSource, RemoteConnections],
    },
    {
      provide: ReceiversService,
      useFactory: (
        config: Config,
        incomingPayments: IncomingPaymentsService,
        walletAddresses: WalletAddressesService,
        remote: RemoteReceivers,
        dataSource: DataSource,
        clock: Clock,
      ) => new ReceiversService(config, incomingPayments, walletAddresses, remote, dataSource.manager, clock),
      inject: [CONFIG, IncomingPaymentsService, WalletAddressesService, RemoteReceivers, DataSource, Clock],
    },
    {
      provide: QuotesService,
      useFactory: (
        config: Config,
        clock: Clock,
        dataSource: DataSource,
        grouped: GroupedStatements,
        assets: AssetsService,
        walletAddresses: WalletAddressesService,
        receivers: ReceiversService,
        methods: PaymentMethods,
      ) => new QuotesService({ config, clock, dataSource, grouped, assets, walletAddresses, receivers, methods }),
      inject: [
        CONFIG,
        Clock,
        DataSource,
        GroupedStatements,
        AssetsService,
        WalletAddressesService,
        ReceiversService,
        PaymentMethods,
      ],
    },
  ],
  exports: [QuotesService, ReceiversService],
})
export class QuotesModule {}
