import type { BullmqOptions } from '@kivuko/platform'
import { BullModule } from '@nestjs/bullmq'
import { type DynamicModule, Module, type Provider } from '@nestjs/common'
import { IncomingPaymentsProcessor } from './incoming-payments.processor.js'
import { OutgoingPaymentsProcessor } from './outgoing-payments.processor.js'
import { WalletAddressesProcessor } from './wallet-addresses.processor.js'
import { WebhooksProcessor } from './webhooks.processor.js'

@Module({})
class WorkerModule {}

/** `services`: what the processors call, from the rooms' container. */
export function workerModule(queue: BullmqOptions, services: Provider[]): DynamicModule {
  return {
    module: WorkerModule,
    // No queue is registered, since rings come from the rooms; registering is what starts the processors.
    imports: [BullModule.forRoot(queue), BullModule.registerQueue()],
    providers: [
      ...services,
      OutgoingPaymentsProcessor,
      IncomingPaymentsProcessor,
      WalletAddressesProcessor,
      WebhooksProcessor,
    ],
  }
}
