import {
  ChangeFeed,
  Clock,
  CONFIG,
  type Config,
  DataSource,
  GroupedStatements,
  SECRETS,
  type Secrets,
} from '@kivuko/platform'
import { Module } from '@nestjs/common'
import { IdempotencyKeys } from './idempotency-keys.js'
import { TenantAdministration } from './tenant-administration.js'
import { TenantConnections } from './tenant-connections.js'
import { TenantReading } from './tenant-reading.js'
import { TenantsService } from './tenants.service.js'
import { UsedSignatures } from './used-signatures.js'

@Module({
  providers: [
    {
      provide: TenantsService,
      useFactory: async (dataSource: DataSource, feed: ChangeFeed, config: Config, secrets: Secrets) => {
        const tenants = new TenantsService(dataSource, feed, config, secrets)
        await tenants.start()
        return tenants
      },
      inject: [DataSource, ChangeFeed, CONFIG, SECRETS],
    },
    {
      provide: TenantAdministration,
      useFactory: (
        dataSource: DataSource,
        feed: ChangeFeed,
        clock: Clock,
        tenants: TenantsService,
        config: Config,
        secrets: Secrets,
      ) => {
        const reading = new TenantReading(config, secrets)
        const { tenantUrlsAllowInternal: allowInternal } = config
        return new TenantAdministration(dataSource, feed, clock, tenants, reading, { allowInternal })
      },
      inject: [DataSource, ChangeFeed, Clock, TenantsService, CONFIG, SECRETS],
    },
    {
      provide: TenantConnections,
      useFactory: (config: Config) => new TenantConnections({ allowInternal: config.tenantUrlsAllowInternal }),
      inject: [CONFIG],
    },
    {
      provide: IdempotencyKeys,
      useFactory: (dataSource: DataSource, grouped: GroupedStatements, clock: Clock, secrets: Secrets) =>
        new IdempotencyKeys({ db: dataSource.manager, grouped, clock, encryptionKey: secrets.dbEncryptionSecret }),
      inject: [DataSource, GroupedStatements, Clock, SECRETS],
    },
    {
      provide: UsedSignatures,
      useFactory: (dataSource: DataSource, clock: Clock) => new UsedSignatures(dataSource.manager, clock),
      inject: [DataSource, Clock],
    },
  ],
  exports: [TenantsService, TenantAdministration, TenantConnections, IdempotencyKeys, UsedSignatures],
})
export class TenantsModule {}
