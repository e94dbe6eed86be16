import { IncomingPaymentDecisions, IncomingPaymentsService } from '@kivuko/incoming-payments'
import { Args, Context, Mutation, Resolver } from '@nestjs/graphql'
import { type Caller, visibleTo } from '../callers/caller.js'
import { parseInput } from '../inputs/parse-input.js'
import { ApproveIncomingPayment, CancelIncomingPayment, UpdateIncomingPayment } from './incoming-payment.inputs.js'
import { incomingPaymentView } from './incoming-payment.view.js'

@Resolver()
export class IncomingPaymentDecisionsResolver {
  constructor(
    private readonly decisions: IncomingPaymentDecisions,
    private readonly payments: IncomingPaymentsService,
  ) {}

  @Mutation()
  async updateIncomingPayment(@Args('input') unchecked: unknown, @Context('caller') caller: Caller) {
    const { id, metadata } = parseInput(UpdateIncomingPayment, unchecked)
    const payment = await this.decisions.describe(visibleTo(caller), id, metadata)
    return { payment: incomingPaymentView(payment, this.payments) }
  }

  @Mutation()
  async approveIncomingPayment(@Args('input') unchecked: unknown, @Context('caller') caller: Caller) {
    const { id } = parseInput(ApproveIncomingPayment, unchecked)
    return { payment: incomingPaymentView(await this.decisions.approve(visibleTo(caller), id), this.payments) }
  }

  @Mutation()
  async cancelIncomingPayment(@Args('input') unchecked: unknown, @Context('caller') caller: Caller) {
    const { id, cancellationReason = null } = parseInput(CancelIncomingPayment, unchecked)
    const payment = await this.decisions.cancel(visibleTo(caller), id, cancellationReason)
    return { payment: incomingPaymentView(payment, this.payments) }
  }
}
