import { Clock, CONFIG, type Config, LOGGER, type Logger } from '@kivuko/platform'
import { TenantsModule, TenantsService } from '@kivuko/tenants'
import { Module } from '@nestjs/common'
import { AccessControl } from './access-control.js'
import { ClientKeys } from './client-keys/client-keys.js'
import { fetchKeysWith } from './client-keys/fetch-keys.js'
import { DevelopmentToken } from './development-token.js'
import { GrantConnections } from './grant-connections.js'
import { introspectionFor } from './introspection/http-introspection.js'

@Module({
  imports: [TenantsModule],
  providers: [
    {
      provide: GrantConnections,
      useFactory: (config: Config) => new GrantConnections(config.openPaymentsAllowLocalClients),
      inject: [CONFIG],
    },
    {
      provide: DevelopmentToken,
      useFactory: ({ openPaymentsDevToken: token }: Config, tenants: TenantsService, log: Logger) => {
        if (token !== undefined) {
          log.warn(
            'OPEN_PAYMENTS_DEV_TOKEN is set: whoever knows it may do everything in Open Payments. Never in production!',
          )
        }
        return new DevelopmentToken(token, tenants.operatorTenantId)
      },
      inject: [CONFIG, TenantsService, LOGGER],
    },
    {
      provide: ClientKeys,
      useFactory: (config: Config, connections: GrantConnections, clock: Clock) => {
        const fetching = { allowLocal: config.openPaymentsAllowLocalClients }
        return new ClientKeys(fetchKeysWith(connections.ofKeys, fetching), clock)
      },
      inject: [CONFIG, GrantConnections, Clock],
    },
    {
      provide: AccessControl,
      useFactory: (
        config: Config,
        developmentToken: DevelopmentToken,
        connections: GrantConnections,
        clientKeys: ClientKeys,
        clock: Clock,
      ) =>
        new AccessControl({
          developmentToken,
          introspection: introspectionFor(config, connections.ofIntrospection, clock),
          clientKeys,
          signatureWindow: {
            maxAgeSeconds: config.openPaymentsSignatureMaxAgeSeconds,
            maxSkewSeconds: config.openPaymentsSignatureMaxSkewSeconds,
          },
          clock,
        }),
      inject: [CONFIG, DevelopmentToken, GrantConnections, ClientKeys, Clock],
    },
  ],
  exports: [AccessControl],
})
export class GrantsModule {}
