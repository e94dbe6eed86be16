import { OUTGOING_PAYMENTS_QUEUE, OutgoingPaymentAdvancing } from '@kivuko/outgoing-payments'
import { LOGGER, type Logger, type Ring } from '@kivuko/platform'
import { Processor, WorkerHost } from '@nestjs/bullmq'
import { Inject } from '@nestjs/common'
import type { Job } from 'bullmq'
import { answerRing } from './answer-ring.js'
import { workerOptions } from './worker-options.js'

// Payments mostly wait for packets; so many at once keep the ledger's batches full.
const CONCURRENCY = 32

@Processor(OUTGOING_PAYMENTS_QUEUE, { ...workerOptions, concurrency: CONCURRENCY })
export class OutgoingPaymentsProcessor extends WorkerHost {
  constructor(
    @Inject(OutgoingPaymentAdvancing) private readonly outgoingPayments: OutgoingPaymentAdvancing,
    @Inject(LOGGER) private readonly logger: Logger,
  ) {
    super()
  }

  process({ data: { id } }: Job<Ring>): Promise<void> {
    return answerRing(this.logger, { paymentId: id }, () => this.outgoingPayments.advance(id))
  }
}
