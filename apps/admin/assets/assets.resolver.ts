import { AssetsService } from '@kivuko/assets'
import { Args, Context, Mutation, Query, Resolver } from '@nestjs/graphql'
import { actingFor, type Caller, listedFor, visibleTo } from '../callers/caller.js'
import { parseInput } from '../inputs/parse-input.js'
import { connectionOf } from '../pages/connection.js'
import type { ListArguments } from '../pages/list-arguments.js'
import { CreateAsset, DeleteAsset, SetFee, UpdateAsset } from './asset.inputs.js'
import { assetView, feeView } from './asset.view.js'

@Resolver()
export class AssetsResolver {
  constructor(private readonly assets: AssetsService) {}

  @Query()
  async asset(@Args('id') id: string, @Context('caller') caller: Caller) {
    return assetView(await this.assets.get(visibleTo(caller), id))
  }

  @Query()
  async assetByCodeAndScale(
    @Args('code') code: string,
    @Args('scale') scale: number,
    @Context('caller') caller: Caller,
  ) {
    const asset = await this.assets.byCodeAndScale(caller.tenantId, code, scale)
    return asset ? assetView(asset) : null
  }

  @Query('assets')
  async list(@Args() { tenantId, ...page }: ListArguments, @Context('caller') caller: Caller) {
    return connectionOf(await this.assets.list(listedFor(caller, tenantId), page), assetView)
  }

  @Mutation()
  async createAsset(@Args('input') unchecked: unknown, @Context('caller') caller: Caller) {
    const { tenantId, ...asset } = parseInput(CreateAsset, unchecked)
    return { asset: assetView(await this.assets.create({ ...asset, tenantId: actingFor(caller, tenantId) })) }
  }

  @Mutation()
  async updateAsset(@Args('input') unchecked: unknown, @Context('caller') caller: Caller) {
    const { id, ...change } = parseInput(UpdateAsset, unchecked)
    const { tenantId } = await this.assets.get(visibleTo(caller), id)
    return { asset: assetView(await this.assets.update(tenantId, id, change)) }
  }

  @Mutation()
  async deleteAsset(@Args('input') unchecked: unknown, @Context('caller') caller: Caller) {
    const { id } = parseInput(DeleteAsset, unchecked)
    const { tenantId } = await this.assets.get(visibleTo(caller), id)
    return { asset: assetView(await this.assets.delete(tenantId, id)) }
  }

  @Mutation()
  async setFee(@Args('input') unchecked: unknown, @Context('caller') caller: Caller) {
    const { assetId, type, fee } = parseInput(SetFee, unchecked)
    const { tenantId } = await this.assets.get(visibleTo(caller), assetId)
    return { fee: feeView(await this.assets.setFee({ tenantId, assetId, type, ...fee })) }
  }
}
