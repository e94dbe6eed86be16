import { type CombinedPayment, CombinedPayments, paymentTypes } from '@kivuko/reports'
import { Args, Context, Parent, Query, ResolveField, Resolver } from '@nestjs/graphql'
import { type Caller, listedFor } from '../callers/caller.js'
import { uuid } from '../inputs/fields.js'
import type { Loaders } from '../loaders.js'
import { connectionOf } from '../pages/connection.js'
import { chosenFrom, emptyPage, type Filtered, wantedOnly } from '../pages/filters.js'
import type { ListArguments } from '../pages/list-arguments.js'

/** Incoming and outgoing payments in one list. */
@Resolver('Payment')
export class PaymentsResolver {
  constructor(private readonly combined: CombinedPayments) {}

  @Query()
  async payments(
    @Args() { tenantId, filter, ...page }: ListArguments & Filtered<'type' | 'walletAddressId'>,
    @Context('caller') caller: Caller,
  ) {
    const tenant = listedFor(caller, tenantId)
    const types = chosenFrom(paymentTypes, filter?.type)
    const walletAddressIds = wantedOnly('walletAddressId', filter?.walletAddressId, uuid)
    const isEmpty = types.length === 0 || walletAddressIds?.length === 0
    const found = isEmpty ? emptyPage : await this.combined.list(tenant, { types, walletAddressIds }, page)
    return connectionOf(found, paymentView)
  }

  @ResolveField()
  liquidity(@Parent() { id }: { readonly id: string }, @Context('loaders') loaders: Loaders) {
    return loaders.liquidity.load(id)
  }
}

function paymentView(payment: CombinedPayment) {
  const { id, type, tenantId, walletAddressId, state, metadata, client, createdAt } = payment
  return { id, type, tenantId, walletAddressId, state, metadata, client, createdAt: createdAt.toISOString() }
}
