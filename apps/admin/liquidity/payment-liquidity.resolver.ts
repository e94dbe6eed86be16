import { IncomingPaymentsService } from '@kivuko/incoming-payments'
import { OutgoingPaymentsService } from '@kivuko/outgoing-payments'
import { Args, Context, Mutation, Resolver } from '@nestjs/graphql'
import { type Caller, visibleTo } from '../callers/caller.js'
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
  async depositOutgoingPaymentLiquidity(@Args('input') unchecked: unknown, @Context('caller') caller: Caller) {
    const { outgoingPaymentId: id, dataToTransmit } = parseInput(DepositOutgoingPayment, unchecked)
    await this.outgoing.fund({ tenantId: visibleTo(caller), id, dataToTransmit }).catch(asInvalidId)
    return success
  }

  @Mutation()
  async createIncomingPaymentWithdrawal(@Args('input') unchecked: unknown, @Context('caller') caller: Caller) {
    const { incomingPaymentId, timeoutSeconds } = parseInput(WithdrawIncomingPayment, unchecked)
    await this.incoming.withdraw(visibleTo(caller), incomingPaymentId, timeoutSeconds)
    return success
  }

  @Mutation()
  async createOutgoingPaymentWithdrawal(@Args('input') unchecked: unknown, @Context('caller') caller: Caller) {
    const { outgoingPaymentId, timeoutSeconds } = parseInput(WithdrawOutgoingPayment, unchecked)
    await this.outgoing.withdraw(visibleTo(caller), outgoingPaymentId, timeoutSeconds)
    return success
  }
}
