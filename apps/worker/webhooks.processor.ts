import { LOGGER, type Logger } from '@kivuko/platform'
import { WEBHOOKS_QUEUE, WebhooksService } from '@kivuko/webhooks'
import { Processor, WorkerHost } from '@nestjs/bullmq'
import { Inject } from '@nestjs/common'
import { answerRing } from './answer-ring.js'
import { workerOptions } from './worker-options.js'

/** One ring is for all events that are due: their deliveries run side by side and outlast the job. */
@Processor(WEBHOOKS_QUEUE, { ...workerOptions, concurrency: 1 })
export class WebhooksProcessor extends WorkerHost {
  constructor(
    @Inject(WebhooksService) private readonly webhooks: WebhooksService,
    @Inject(LOGGER) private readonly logger: Logger,
  ) {
    super()
  }

  process(): Promise<void> {
    return answerRing(this.logger, {}, () => this.webhooks.deliverDue())
  }
}
