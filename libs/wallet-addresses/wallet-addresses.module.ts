import { AccountingModule, Ledger } from '@kivuko/accounting'
import { AssetsModule, AssetsService } from '@kivuko/assets'
import { ChangeFeed, Clock, CONFIG, type Config, DataSource } from '@kivuko/platform'
import { TenantsModule, TenantsService } from '@kivuko/tenants'
import { Module } from '@nestjs/common'
import { WalletAddressReading } from './wallet-address-reading.js'
import { WalletAddressesService } from './wallet-addresses.service.js'

@Module({
  imports: [AccountingModule, TenantsModule, AssetsModule],
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
  ],
  exports: [WalletAddressesService],
})
export class WalletAddressesModule {}
