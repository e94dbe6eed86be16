import { Context, Parent, ResolveField, Resolver } from '@nestjs/graphql'
import type { Loaders } from '../loaders.js'

@Resolver('Peer')
export class PeerFieldsResolver {
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
}
