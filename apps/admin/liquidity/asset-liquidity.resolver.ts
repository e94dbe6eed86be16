import { AssetsService, WithdrawalsService } from '@kivuko/assets'
import { Args, Context, Mutation, Resolver } from '@nestjs/graphql'
import { type Caller, visibleTo } from '../callers/caller.js'
import { parseInput } from '../inputs/parse-input.js'
import { DepositAsset, EndWithdrawal, WithdrawAsset } from './liquidity.inputs.js'
import { success } from './success.js'

@Resolver()
export class AssetLiquidityResolver {
  constructor(
    private readonly assets: AssetsService,
    private readonly withdrawals: WithdrawalsService,
  ) {}

  @Mutation()
  async depositAssetLiquidity(@Args('input') unchecked: unknown, @Context('caller') caller: Caller) {
    const deposit = parseInput(DepositAsset, unchecked)
    await this.assets.depositLiquidity({ ...deposit, tenantId: visibleTo(caller) })
    return success
  }

  @Mutation()
  async createAssetLiquidityWithdrawal(@Args('input') unchecked: unknown, @Context('caller') caller: Caller) {
    const withdrawal = parseInput(WithdrawAsset, unchecked)
    await this.assets.withdrawLiquidity({ ...withdrawal, tenantId: visibleTo(caller) })
    return success
  }

  @Mutation()
  async postLiquidityWithdrawal(@Args('input') unchecked: unknown, @Context('caller') caller: Caller) {
    await this.withdrawals.post(visibleTo(caller), parseInput(EndWithdrawal, unchecked).withdrawalId)
    return success
  }

  @Mutation()
  async voidLiquidityWithdrawal(@Args('input') unchecked: unknown, @Context('caller') caller: Caller) {
    await this.withdrawals.void(visibleTo(caller), parseInput(EndWithdrawal, unchecked).withdrawalId)
    return success
  }
}
