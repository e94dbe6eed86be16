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
import { TenantsModule, TenantsService } from '@kivuko/tenants'
import { Module } from '@nestjs/common'
import { defaultBackoff } from './backoff.js'
import { deliver } from './deliver.js'
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
      ) => {
        const { webhookTimeoutMs: timeoutMs, signatureVersion: version, webhookMaxRetry } = config
        const backoff = defaultBackoff(webhookMaxRetry)
        const key = { secret: secrets.signatureSecret, version }
        return new WebhookDelivery({
          db: dataSource.manager,
          clock,
          logger,
          random: Math.random,
          deliveries: metrics.counter('kivuko_webhook_deliveries_total', 'Webhook deliveries, by how they ended', [
            'outcome',
          ]),
          leaseMs: timeoutMs + 30_000,
          send: deliver,
          receiverOf: async (tenantId) => {
            const { webhookUrl: url } = await tenants.settings(tenantId)
            return { url, timeoutMs, backoff, key }
          },
        })
      },
      inject: [CONFIG, SECRETS, DataSource, Clock, LOGGER, TenantsService, Metrics],
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
