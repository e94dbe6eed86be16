import { CONFIG, type Config, LOGGER, type Logger } from '@kivuko/platform'
import { TenantsModule, TenantsService } from '@kivuko/tenants'
import { Module } from '@nestjs/common'
import { AccessControl } from './access-control.js'

@Module({
  imports: [TenantsModule],
  providers: [
    {
      provide: AccessControl,
      useFactory: ({ openPaymentsDevToken: token }: Config, tenants: TenantsService, logger: Logger) => {
        if (token !== undefined) {
          logger.warn(
            'OPEN_PAYMENTS_DEV_TOKEN is set: whoever knows it may do everything in Open Payments. Never in production!',
          )
        }
        return new AccessControl({ token, tenantId: tenants.operatorTenantId })
      },
      inject: [CONFIG, TenantsService, LOGGER],
    },
  ],
  exports: [AccessControl],
})
export class GrantsModule {}
