import { AssetsService } from '@kivuko/assets'
import { type OutgoingPayment, OutgoingPaymentsService, outgoingPaymentStates } from '@kivuko/outgoing-payments'
import { WalletAddressesService } from '@kivuko/wallet-addresses'
import { Args, Context, Mutation, Query, Resolver } from '@nestjs/graphql'
import { z } from 'zod'
import { type Caller, listedFor, visibleTo } from '../callers/caller.js'
import { uuid } from '../inputs/fields.js'
import { parseInput } from '../inputs/parse-input.js'
import { connectionOf } from '../pages/connection.js'
import { chosenFrom, emptyPage, type Filtered, wantedOnly } from '../pages/filters.js'
import type { ListArguments } from '../pages/list-arguments.js'
import { CancelOutgoingPayment, CreateFromIncomingPayment, CreateOutgoingPayment } from './outgoing-payment.inputs.js'
import { outgoingPaymentView } from './outgoing-payment.view.js'

type Filters = Filtered<'receiver' | 'walletAddressId' | 'state'>

@Resolver()
export class OutgoingPaymentsResolver {
  constructor(
    private readonly payments: OutgoingPaymentsService,
    private readonly walletAddresses: WalletAddressesService,
    private readonly assets: AssetsService,
  ) {}

  @Query()
  async outgoingPayment(@Args('id') id: string, @Context('caller') caller: Caller) {
    return this.view(await this.payments.get(visibleTo(caller), id))
  }

  @Query()
  async outgoingPayments(
    @Args() { tenantId, filter, ...page }: ListArguments & Filters,
    @Context('caller') caller: Caller,
  ) {
    const states = chosenFrom(outgoingPaymentStates, filter?.state)
    const receivers = wantedOnly('receiver', filter?.receiver, z.string())
    const walletAddressIds = wantedOnly('walletAddressId', filter?.walletAddressId, uuid)
    const scope = { tenantId: listedFor(caller, tenantId), states, receivers, walletAddressIds }
    const found = states.length === 0 ? emptyPage : await this.payments.list(scope, page)
    return connectionOf(found, (payment) => this.view(payment))
  }

  @Mutation()
  async createOutgoingPayment(@Args('input') unchecked: unknown, @Context('caller') caller: Caller) {
    const input = parseInput(CreateOutgoingPayment, unchecked)
    const tenantId = await this.tenantOf(input.walletAddressId, caller)
    return { payment: this.view(await this.payments.create({ ...input, tenantId, initiatedBy: 'ADMIN' })) }
  }

  @Mutation()
  async createOutgoingPaymentFromIncomingPayment(@Args('input') unchecked: unknown, @Context('caller') caller: Caller) {
    const input = parseInput(CreateFromIncomingPayment, unchecked)
    const tenantId = await this.tenantOf(input.walletAddressId, caller)
    const payment = await this.payments.createFromIncomingPayment({ ...input, tenantId, initiatedBy: 'ADMIN' })
    return { payment: this.view(payment) }
  }

  @Mutation()
  async cancelOutgoingPayment(@Args('input') unchecked: unknown, @Context('caller') caller: Caller) {
    const cancelled = parseInput(CancelOutgoingPayment, unchecked)
    return { payment: this.view(await this.payments.cancel({ ...cancelled, tenantId: visibleTo(caller) })) }
  }

  private async tenantOf(walletAddressId: string, caller: Caller): Promise<string> {
    const { tenantId } = await this.walletAddresses.get(visibleTo(caller), walletAddressId)
    return tenantId
  }

  private view(payment: OutgoingPayment) {
    return outgoingPaymentView(payment, this.assets)
  }
}
