import { IncomingPaymentsService } from '@kivuko/incoming-payments'
import { OutgoingPaymentsService } from '@kivuko/outgoing-payments'
import { Args, Context, Mutation, Resolver } from '@nestjs/graphql'
import { visibleTo } from '../callers/caller.js'
import type { Context as AdminContext } from '../context.js'
import { parseInput } from '../inputs/parse-input.js'
import { asInvalidId } from './as-invalid-id.js'
import { DepositOutgoingPayment, WithdrawIncomingPayment, WithdrawOutgoingPayment } from './liquidity.inputs.js'
import { success } from './success.js'

@Resolver()
export class PaymentLiquidityResolver {
  constructor(
    private readonly incoming: IncomingPaymentsService,
    private readonly outgoing: OutgoingPaymentsService,
  ) {}

  @Mutation()
  async depositOutgoingPaymentLiquidity(@Args('input') unchecked: unknown, @Context() { caller, call }: AdminContext) {
    const { outgoingPaymentId: id, dataToTransmit } = parseInput(DepositOutgoingPayment, unchecked)
    await this.outgoing.fund({ tenantId: visibleTo(caller), id, dataToTransmit, call }).catch(asInvalidId)
    return success
  }

  @Mutation()
  async createIncomingPaymentWithdrawal(@Args('input') unchecked: unknown, @Context() { caller, call }: AdminContext) {
    const { incomingPaymentId: id, timeoutSeconds } = parseInput(WithdrawIncomingPayment, unchecked)
    await this.incoming.withdraw({ tenantId: visibleTo(caller), id, timeoutSeconds, call })
    return success
  }

  @Mutation()
  async createOutgoingPaymentWithdrawal(@Args('input') unchecked: unknown, @Context() { caller, call }: AdminContext) {
    const { outgoingPaymentId: id, timeoutSeconds } = parseInput(WithdrawOutgoingPayment, unchecked)
    await this.outgoing.withdraw({ tenantId: visibleTo(caller), id, timeoutSeconds, call })
    return success
  }
}
