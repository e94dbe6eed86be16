import { AccountingModule, Ledger } from '@kivuko/accounting'
import { ChangeFeed, DataSource } from '@kivuko/platform'
import { TenantsModule } from '@kivuko/tenants'
import { Module } from '@nestjs/common'
import { AssetRegistry } from './asset-registry.js'
import { AssetsService } from './assets.service.js'
import { WithdrawalsService } from './withdrawals.service.js'

@Module({
  imports: [AccountingModule, TenantsModule],
  providers: [
    {
      provide: AssetRegistry,
      useFactory: async (dataSource: DataSource, feed: ChangeFeed, ledger: Ledger) => {
        const registry = new AssetRegistry(dataSource, feed, ledger)
        await registry.start()
        return registry
      },
      inject: [DataSource, ChangeFeed, Ledger],
    },
    {
      provide: AssetsService,
      useFactory: (dataSource: DataSource, registry: AssetRegistry, ledger: Ledger) =>
        new AssetsService(dataSource, registry, ledger),
      inject: [DataSource, AssetRegistry, Ledger],
    },
    {
      provide: WithdrawalsService,
      useFactory: (ledger: Ledger, assets: AssetsService) => new WithdrawalsService(ledger, assets),
      inject: [Ledger, AssetsService],
    },
  ],
  exports: [AssetsService, WithdrawalsService],
})
export class AssetsModule {}
