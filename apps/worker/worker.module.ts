import type { QueueConnection } from '@kivuko/platform'
import { BullModule } from '@nestjs/bullmq'
import { type DynamicModule, Module, type Provider } from '@nestjs/common'
import type { RedisOptions } from 'bullmq'
import { IncomingPaymentsProcessor } from './incoming-payments.processor.js'
import { OutgoingPaymentsProcessor } from './outgoing-payments.processor.js'
import { WebhooksProcessor } from './webhooks.processor.js'

type Pool = QueueConnection['pool']

@Module({})
class WorkerModule {}

/** `services`: what the processors call, from the rooms' container. */
export function workerModule(pool: Pool, services: Provider[]): DynamicModule {
  // BullMQ's default backend is Postgres (QueueConnection sets it) and takes a pool; the module's types know only Redis.
  const connection: Pool & RedisOptions = pool
  return {
    module: WorkerModule,
    // No queue is registered, since rings come from the rooms; registering is what starts the processors.
    imports: [BullModule.forRoot({ connection }), BullModule.registerQueue()],
    providers: [...services, OutgoingPaymentsProcessor, IncomingPaymentsProcessor, WebhooksProcessor],
  }
}
