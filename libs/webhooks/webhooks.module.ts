import {
  Clock,
  CONFIG,
  type Config,
  DataSource,
  JobQueue,
  LOGGER,
  type Logger,
  Metrics,
  SECRETS,
  type Secrets,
} from '@kivuko/platform'
import { TenantConnections, TenantsModule, TenantsService } from '@kivuko/tenants'
import { Module } from '@nestjs/common'
import { deliver } from './deliver.js'
import { longestTimeoutMs, receiverOf } from './receiver-of.js'
import { WebhookDelivery } from './webhook-delivery.js'
import { WebhooksService } from './webhooks.service.js'

@Module({
  imports: [TenantsModule],
  providers: [
    {
      provide: WebhookDelivery,
      useFactory: (
        config: Config,
        secrets: Secrets,
        dataSource: DataSource,
        clock: Clock,
        logger: Logger,
        tenants: TenantsService,
        metrics: Metrics,
        connections: TenantConnections,
      ) => {
        return new WebhookDelivery({
          db: dataSource.manager,
          clock,
          logger,
          random: Math.random,
          perTenant: config.webhookWorkers,
          deliveries: metrics.counter('kivuko_webhook_deliveries_total', 'Webhook deliveries, by how they ended', [
            'outcome',
          ]),
          // A worker that is alive has written what came of a delivery by then. A tenant may set itself a longer time.
          get leaseMs() {
            return longestTimeoutMs(tenants.all(), config.webhookTimeoutMs) + config.workerLeaseMs
          },
          send: deliver,
          receiverOf: async (tenantId) =>
            receiverOf(await tenants.get(tenantId), config, secrets, clock.nowMs(), connections),
        })
      },
      inject: [CONFIG, SECRETS, DataSource, Clock, LOGGER, TenantsService, Metrics, TenantConnections],
    },
    {
      provide: WebhooksService,
      useFactory: (dataSource: DataSource, clock: Clock, delivery: WebhookDelivery, jobQueue: JobQueue) =>
        new WebhooksService(dataSource, clock, delivery, jobQueue),
      inject: [DataSource, Clock, WebhookDelivery, JobQueue],
    },
  ],
  exports: [WebhooksService],
})
export class WebhooksModule {}
