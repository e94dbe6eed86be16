import { INCOMING_PAYMENTS_QUEUE, IncomingPaymentSettlement } from '@kivuko/incoming-payments'
import { LOGGER, type Logger, type Ring } from '@kivuko/platform'
import { Processor } from '@nestjs/bullmq'
import { Inject } from '@nestjs/common'
import type { Job } from 'bullmq'
import { RingProcessor } from './ring-processor.js'

@Processor(INCOMING_PAYMENTS_QUEUE)
export class IncomingPaymentsProcessor extends RingProcessor {
  constructor(
    @Inject(IncomingPaymentSettlement) private readonly incomingPayments: IncomingPaymentSettlement,
    @Inject(LOGGER) logger: Logger,
  ) {
    super(logger)
  }

  process({ data: { id } }: Job<Ring>): Promise<void> {
    return this.answer({ incomingPaymentId: id }, () => this.incomingPayments.settle(id))
  }
}
