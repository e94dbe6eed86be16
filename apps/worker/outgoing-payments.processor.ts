import { OUTGOING_PAYMENTS_QUEUE, OutgoingPaymentAdvancing } from '@kivuko/outgoing-payments'
import { LOGGER, type Logger, type Ring } from '@kivuko/platform'
import { Processor } from '@nestjs/bullmq'
import { Inject } from '@nestjs/common'
import type { Job } from 'bullmq'
import { RingProcessor } from './ring-processor.js'

@Processor(OUTGOING_PAYMENTS_QUEUE)
export class OutgoingPaymentsProcessor extends RingProcessor {
  constructor(
    @Inject(OutgoingPaymentAdvancing) private readonly outgoingPayments: OutgoingPaymentAdvancing,
    @Inject(LOGGER) logger: Logger,
  ) {
    super(logger)
  }

  process({ data: { id } }: Job<Ring>): Promise<void> {
    return this.answer({ paymentId: id }, () => this.outgoingPayments.advance(id))
  }
}
