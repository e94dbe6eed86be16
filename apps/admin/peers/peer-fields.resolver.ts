import { AssetsService } from '@kivuko/assets'
import { DifferenceList } from '@kivuko/reports'
import { Args, Context, Parent, ResolveField, Resolver } from '@nestjs/graphql'
import { bookDifferenceView } from '../ledger/book-difference.view.js'
import type { Loaders } from '../loaders.js'
import { connectionOf } from '../pages/connection.js'
import type { PageArguments } from '../pages/list-arguments.js'

@Resolver('Peer')
export class PeerFieldsResolver {
  constructor(
    private readonly differences: DifferenceList,
    private readonly assets: AssetsService,
  ) {}

  /** Clients of Rafiki read a number that is never below zero; `balance` tells how much of a credit line is used. */
  @ResolveField()
  async liquidity(@Parent() { id }: { readonly id: string }, @Context('loaders') loaders: Loaders) {
    const held = await loaders.liquidity.load(id)
    return held !== null && held < 0n ? 0n : held
  }

  @ResolveField()
  async balance(@Parent() { id }: { readonly id: string }, @Context('loaders') loaders: Loaders) {
    return (await loaders.liquidity.load(id))?.toString() ?? null
  }

  @ResolveField()
  async openDifferences(
    @Parent() { id }: { readonly id: string },
    @Args() page: PageArguments,
    @Context('loaders') loaders: Loaders,
  ) {
    const read = (ids: readonly string[]) => this.differences.openOf('peerId', ids, page)
    const found = await loaders.peerDifferences.load(id, page, read)
    return connectionOf(found, (row) => bookDifferenceView(row, this.assets))
  }
}
