import { Context, Parent, ResolveField, Resolver } from '@nestjs/graphql'
import type { Loaders } from '../loaders.js'

@Resolver('OutgoingPayment')
export class OutgoingPaymentFieldsResolver {
  @ResolveField()
  liquidity(@Parent() { id }: { readonly id: string }, @Context('loaders') loaders: Loaders) {
    return loaders.liquidity.load(id)
  }
}
