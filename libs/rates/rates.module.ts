import { Clock, CONFIG, type Config, LOGGER, type Logger } from '@kivuko/platform'
import { TenantConnections, TenantsModule, TenantsService } from '@kivuko/tenants'
import { Module } from '@nestjs/common'
import { FixedRates } from './fixed-rates.js'
import { HttpRates } from './http-rates.js'
import { Rates } from './rates.js'
import { requestRates } from './rates-request.js'

@Module({
  imports: [TenantsModule],
  providers: [
    {
      provide: Rates,
      useFactory: (
        config: Config,
        clock: Clock,
        logger: Logger,
        tenants: TenantsService,
        connections: TenantConnections,
      ): Rates =>
        config.exchangeRates
          ? new FixedRates(config.exchangeRates)
          : new HttpRates({
              clock,
              logger,
              lifetimeMs: config.exchangeRatesLifetimeMs,
              maxAgeMs: config.exchangeRatesMaxAgeMs,
              urlFor: async (tenantId) => (await tenants.settings(tenantId)).exchangeRatesUrl,
              request: async (url, base) => {
                const { exchangeRatesUrl } = await tenants.settings(tenants.operatorTenantId)
                return requestRates(url, base, url === exchangeRatesUrl ? undefined : connections)
              },
            }),
      inject: [CONFIG, Clock, LOGGER, TenantsService, TenantConnections],
    },
  ],
  exports: [Rates],
})
export class RatesModule {}
