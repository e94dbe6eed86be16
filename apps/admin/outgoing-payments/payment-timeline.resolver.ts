import { OutgoingPaymentsService } from '@kivuko/outgoing-payments'
import { PaymentTimeline } from '@kivuko/reports'
import { Args, Context, Query, Resolver } from '@nestjs/graphql'
import { type Caller, visibleTo } from '../callers/caller.js'

@Resolver()
export class PaymentTimelineResolver {
  constructor(
    private readonly payments: OutgoingPaymentsService,
    private readonly timeline: PaymentTimeline,
  ) {}

  @Query()
  async paymentTimeline(@Args('id') unchecked: string, @Context('caller') caller: Caller) {
    const { id, tenantId } = await this.payments.get(visibleTo(caller), unchecked)
    const steps = await this.timeline.of(tenantId, id)
    return steps.map(({ at, step, detail = null }) => ({ at: at.toISOString(), step, detail }))
  }
}
