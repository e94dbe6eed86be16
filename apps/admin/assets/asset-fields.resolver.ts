import { AssetsService } from '@kivuko/assets'
import { Args, Context, Parent, ResolveField, Resolver } from '@nestjs/graphql'
import type { Loaders } from '../loaders.js'
import { connectionOf } from '../pages/connection.js'
import type { PageArguments } from '../pages/list-arguments.js'
import { type AssetView, feeView } from './asset.view.js'

@Resolver('Asset')
export class AssetFieldsResolver {
  constructor(private readonly assets: AssetsService) {}

  @ResolveField()
  async liquidity(@Parent() { id }: AssetView, @Context('loaders') loaders: Loaders) {
    return (await loaders.liquidity.load(id)) ?? 0n
  }

  @ResolveField()
  sendingFee(@Parent() { id }: AssetView) {
    const fee = this.assets.sendingFee(id)
    return fee ? feeView(fee) : null
  }

  @ResolveField()
  receivingFee(@Parent() { id }: AssetView) {
    const fee = this.assets.receivingFee(id)
    return fee ? feeView(fee) : null
  }

  @ResolveField()
  async fees(@Parent() { id }: AssetView, @Args() page: PageArguments, @Context('loaders') loaders: Loaders) {
    return connectionOf(await loaders.fees.load(id, page, (ids) => this.assets.feesOf(ids, page)), feeView)
  }
}
