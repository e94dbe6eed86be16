import { Context, Parent, ResolveField, Resolver } from '@nestjs/graphql'
import type { Loaders } from '../loaders.js'

@Resolver('IncomingPayment')
export class IncomingPaymentFieldsResolver {
  @ResolveField()
  liquidity(@Parent() { id }: { readonly id: string }, @Context('loaders') loaders: Loaders) {
    return loaders.liquidity.load(id)
  }
}
