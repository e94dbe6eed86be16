import { ChangeFeed, CONFIG, type Config, DataSource, SECRETS, type Secrets } from '@kivuko/platform'
import { Module } from '@nestjs/common'
import { TenantsService } from './tenants.service.js'

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
  ],
  exports: [TenantsService],
})
export class TenantsModule {}
