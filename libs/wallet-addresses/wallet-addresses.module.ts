import { AccountingModule, Ledger } from '@kivuko/accounting'
import { AssetsModule, AssetsService } from '@kivuko/assets'
import { ChangeFeed, Clock, CONFIG, type Config, DataSource } from '@kivuko/platform'
import { TenantsModule, TenantsService } from '@kivuko/tenants'
import { WebhooksModule, WebhooksService } from '@kivuko/webhooks'
import { Module } from '@nestjs/common'
import { WalletAddressKeysService } from './wallet-address-keys.service.js'
import { WalletAddressReading } from './wallet-address-reading.js'
import { WalletAddressSearch } from './wallet-address-search.js'
import { WalletAddressesService } from './wallet-addresses.service.js'

@Module({
  imports: [AccountingModule, TenantsModule, AssetsModule, WebhooksModule],
  providers: [
    {
      provide: WalletAddressReading,
      useFactory: async (dataSource: DataSource, feed: ChangeFeed, ledger: Ledger, assets: AssetsService) => {
        const reading = new WalletAddressReading(dataSource, feed, ledger, assets)
        await reading.start()
        return reading
      },
      inject: [DataSource, ChangeFeed, Ledger, AssetsService],
    },
    {
      provide: WalletAddressesService,
      useFactory: (
        dataSource: DataSource,
        reading: WalletAddressReading,
        assets: AssetsService,
        tenants: TenantsService,
        ledger: Ledger,
        clock: Clock,
        config: Config,
      ) => {
        const allowHttp = config.openPaymentsDevToken !== undefined
        return new WalletAddressesService({ dataSource, reading, assets, tenants, ledger, clock, allowHttp })
      },
      inject: [DataSource, WalletAddressReading, AssetsService, TenantsService, Ledger, Clock, CONFIG],
    },
    {
      provide: WalletAddressKeysService,
      useFactory: (dataSource: DataSource, walletAddresses: WalletAddressesService) =>
        new WalletAddressKeysService(dataSource, walletAddresses),
      inject: [DataSource, WalletAddressesService],
    },
    {
      provide: WalletAddressSearch,
      useFactory: (
        walletAddresses: WalletAddressesService,
        tenants: TenantsService,
        webhooks: WebhooksService,
        dataSource: DataSource,
        clock: Clock,
        config: Config,
      ) => {
        const allowHttp = config.openPaymentsDevToken !== undefined
        const polling = config.walletAddressNotFoundPollingEnabled
          ? { timeoutMs: config.walletAddressLookupTimeoutMs, frequencyMs: config.walletAddressPollingFrequencyMs }
          : undefined
        return new WalletAddressSearch({ walletAddresses, tenants, webhooks, dataSource, clock, allowHttp, polling })
      },
      inject: [WalletAddressesService, TenantsService, WebhooksService, DataSource, Clock, CONFIG],
    },
  ],
  exports: [WalletAddressesService, WalletAddressKeysService, WalletAddressSearch],
})
export class WalletAddressesModule {}
