import { INCOMING_PAYMENTS_QUEUE, WALLET_ADDRESSES_QUEUE } from '@kivuko/incoming-payments'
import { OUTGOING_PAYMENTS_QUEUE } from '@kivuko/outgoing-payments'
import type { BullmqOptions, Config } from '@kivuko/platform'
import { WEBHOOKS_QUEUE } from '@kivuko/webhooks'
import { BullModule } from '@nestjs/bullmq'
import { type DynamicModule, Module, type Provider } from '@nestjs/common'
import { configured } from './configured.js'
import { IncomingPaymentsProcessor } from './incoming-payments.processor.js'
import { OutgoingPaymentsProcessor } from './outgoing-payments.processor.js'
import { WalletAddressesProcessor } from './wallet-addresses.processor.js'
import { WebhooksProcessor } from './webhooks.processor.js'
import { workerOptions } from './worker-options.js'

// One ring is for all that is due; how many are delivered at once is the delivery's to say.
const WEBHOOK_JOBS = 1

export const processors = [
  OutgoingPaymentsProcessor,
  IncomingPaymentsProcessor,
  WalletAddressesProcessor,
  WebhooksProcessor,
] as const

@Module({})
class WorkerModule {}

/** `services`: what the processors call, from the rooms' container. */
export function workerModule(queue: BullmqOptions, config: Config, services: Provider[]): DynamicModule {
  const { outgoingPaymentWorkers, incomingPaymentWorkers, walletAddressWorkers } = config
  return {
    module: WorkerModule,
    // No queue is registered, since rings come from the rooms; registering is what starts the processors.
    imports: [BullModule.forRoot(queue), BullModule.registerQueue()],
    providers: [
      ...services,
      configured(OutgoingPaymentsProcessor, OUTGOING_PAYMENTS_QUEUE, workerOptions(config, outgoingPaymentWorkers)),
      configured(IncomingPaymentsProcessor, INCOMING_PAYMENTS_QUEUE, workerOptions(config, incomingPaymentWorkers)),
      configured(WalletAddressesProcessor, WALLET_ADDRESSES_QUEUE, workerOptions(config, walletAddressWorkers)),
      configured(WebhooksProcessor, WEBHOOKS_QUEUE, workerOptions(config, WEBHOOK_JOBS)),
    ],
  }
}
