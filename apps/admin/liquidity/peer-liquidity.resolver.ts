import { PeersService } from '@kivuko/peering'
import { Args, Context, Mutation, Resolver } from '@nestjs/graphql'
import { type Caller, visibleTo } from '../callers/caller.js'
import { parseInput } from '../inputs/parse-input.js'
import { DepositPeer, WithdrawPeer } from './liquidity.inputs.js'
import { success } from './success.js'

@Resolver()
export class PeerLiquidityResolver {
  constructor(private readonly peers: PeersService) {}

  @Mutation()
  async depositPeerLiquidity(@Args('input') unchecked: unknown, @Context('caller') caller: Caller) {
    await this.peers.depositLiquidity({ ...parseInput(DepositPeer, unchecked), tenantId: visibleTo(caller) })
    return success
  }

  @Mutation()
  async createPeerLiquidityWithdrawal(@Args('input') unchecked: unknown, @Context('caller') caller: Caller) {
    await this.peers.withdrawLiquidity({ ...parseInput(WithdrawPeer, unchecked), tenantId: visibleTo(caller) })
    return success
  }
}
