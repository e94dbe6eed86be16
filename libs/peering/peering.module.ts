import { AccountingModule, Ledger } from '@kivuko/accounting'
import { AssetsModule, AssetsService } from '@kivuko/assets'
import { ChangeFeed, Clock, CONFIG, type Config, DataSource, SECRETS, type Secrets } from '@kivuko/platform'
import { TenantsModule, TenantsService } from '@kivuko/tenants'
import { WebhooksModule, WebhooksService } from '@kivuko/webhooks'
import { Module } from '@nestjs/common'
import { LiquidityWatch } from './liquidity-watch.js'
import { PeerRegistry } from './peer-registry.js'
import { PeerRows } from './peer-rows.js'
import { PeersService } from './peers.service.js'

@Module({
  imports: [AccountingModule, TenantsModule, AssetsModule, WebhooksModule],
  providers: [
    {
      provide: PeerRows,
      useFactory: (assets: AssetsService, secrets: Secrets, config: Config) => {
        const { operatorTenantId, tenantUrlsAllowInternal } = config
        const confines = (tenantId: string) => tenantId !== operatorTenantId && !tenantUrlsAllowInternal
        return new PeerRows(assets, secrets.dbEncryptionSecret, confines)
      },
      inject: [AssetsService, SECRETS, CONFIG],
    },
    {
      provide: PeerRegistry,
      useFactory: async (
        dataSource: DataSource,
        feed: ChangeFeed,
        ledger: Ledger,
        assets: AssetsService,
        rows: PeerRows,
      ) => {
        const registry = new PeerRegistry(dataSource, feed, ledger, assets, rows)
        await registry.start()
        return registry
      },
      inject: [DataSource, ChangeFeed, Ledger, AssetsService, PeerRows],
    },
    {
      provide: PeersService,
      useFactory: (
        dataSource: DataSource,
        registry: PeerRegistry,
        rows: PeerRows,
        assets: AssetsService,
        tenants: TenantsService,
        ledger: Ledger,
        clock: Clock,
      ) => new PeersService(dataSource, registry, rows, assets, tenants, ledger, clock),
      inject: [DataSource, PeerRegistry, PeerRows, AssetsService, TenantsService, Ledger, Clock],
    },
    {
      provide: LiquidityWatch,
      useFactory: (
        dataSource: DataSource,
        ledger: Ledger,
        assets: AssetsService,
        peers: PeersService,
        webhooks: WebhooksService,
      ) => new LiquidityWatch(dataSource, ledger, assets, peers, webhooks),
      inject: [DataSource, Ledger, AssetsService, PeersService, WebhooksService],
    },
  ],
  exports: [PeersService, LiquidityWatch],
})
export class PeeringModule {}
