import { AssetsService } from '@kivuko/assets'
import { DifferenceList } from '@kivuko/reports'
import { Args, Context, Parent, ResolveField, Resolver } from '@nestjs/graphql'
import { bookDifferenceView } from '../ledger/book-difference.view.js'
import type { Loaders } from '../loaders.js'
import { connectionOf } from '../pages/connection.js'
import type { PageArguments } from '../pages/list-arguments.js'

@Resolver('OutgoingPayment')
export class OutgoingPaymentFieldsResolver {
  constructor(
    private readonly differences: DifferenceList,
    private readonly assets: AssetsService,
  ) {}

  @ResolveField()
  liquidity(@Parent() { id }: { readonly id: string }, @Context('loaders') loaders: Loaders) {
    return loaders.liquidity.load(id)
  }

  @ResolveField()
  async openDifferences(
    @Parent() { id }: { readonly id: string },
    @Args() page: PageArguments,
    @Context('loaders') loaders: Loaders,
  ) {
    const read = (ids: readonly string[]) => this.differences.openOf('paymentId', ids, page)
    const found = await loaders.paymentDifferences.load(id, page, read)
    return connectionOf(found, (row) => bookDifferenceView(row, this.assets))
  }
}
