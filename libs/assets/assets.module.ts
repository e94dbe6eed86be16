import { AccountingModule, Ledger } from '@kivuko/accounting'
import { ChangeFeed, DataSource, LOGGER, type Logger } from '@kivuko/platform'
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
      useFactory: async (dataSource: DataSource, feed: ChangeFeed, ledger: Ledger, logger: Logger) => {
        const registry = new AssetRegistry(dataSource, feed, ledger, logger)
        await registry.start()
        return registry
      },
      inject: [DataSource, ChangeFeed, Ledger, LOGGER],
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
