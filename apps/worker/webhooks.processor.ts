import { LOGGER, type Logger } from '@kivuko/platform'
import { WEBHOOKS_QUEUE, WebhooksService } from '@kivuko/webhooks'
import { Processor } from '@nestjs/bullmq'
import { Inject } from '@nestjs/common'
import { RingProcessor } from './ring-processor.js'

/** One ring is for all events that are due: their deliveries run side by side and outlast the job. */
@Processor(WEBHOOKS_QUEUE)
export class WebhooksProcessor extends RingProcessor {
  constructor(
    @Inject(WebhooksService) private readonly webhooks: WebhooksService,
    @Inject(LOGGER) logger: Logger,
  ) {
    super(logger)
  }

  process(): Promise<void> {
    return this.answer({}, () => this.webhooks.deliverDue())
  }
}
