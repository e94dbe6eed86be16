import { IncomingPaymentsService } from '@kivuko/incoming-payments'
import { WalletAddressesService } from '@kivuko/wallet-addresses'
import { Args, Context, Mutation, Query, Resolver } from '@nestjs/graphql'
import { type Caller, listedFor, visibleTo } from '../callers/caller.js'
import { amountIn } from '../inputs/amount-in.js'
import { parseInput } from '../inputs/parse-input.js'
import { connectionOf } from '../pages/connection.js'
import { emptyPage, type Filtered } from '../pages/filters.js'
import type { ListArguments } from '../pages/list-arguments.js'
import { chosenInitiators } from './chosen-initiators.js'
import { CreateIncomingPayment } from './incoming-payment.inputs.js'
import { incomingPaymentView } from './incoming-payment.view.js'

@Resolver()
export class IncomingPaymentsResolver {
  constructor(
    private readonly payments: IncomingPaymentsService,
    private readonly walletAddresses: WalletAddressesService,
  ) {}

  @Query()
  async incomingPayment(@Args('id') id: string, @Context('caller') caller: Caller) {
    return incomingPaymentView(await this.payments.get(visibleTo(caller), id), this.payments)
  }

  @Query()
  async incomingPayments(
    @Args() { tenantId, filter, ...page }: ListArguments & Filtered<'initiatedBy'>,
    @Context('caller') caller: Caller,
  ) {
    const scope = { tenantId: listedFor(caller, tenantId) }
    const chosen = chosenInitiators(filter)
    const initiatedBy = chosen === 'any' ? undefined : chosen
    const found = initiatedBy === 'none' ? emptyPage : await this.payments.list({ ...scope, initiatedBy }, page)
    return connectionOf(found, (payment) => incomingPaymentView(payment, this.payments))
  }

  @Mutation()
  async createIncomingPayment(@Args('input') unchecked: unknown, @Context('caller') caller: Caller) {
    const { incomingAmount, ...input } = parseInput(CreateIncomingPayment, unchecked)
    const { tenantId, asset } = await this.walletAddresses.get(visibleTo(caller), input.walletAddressId)
    const payment = await this.payments.create({
      ...input,
      tenantId,
      incomingAmount: amountIn(asset, 'incomingAmount', incomingAmount),
      initiatedBy: 'ADMIN',
    })
    return { payment: incomingPaymentView(payment, this.payments) }
  }
}
