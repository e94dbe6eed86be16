import { PeersService } from '@kivuko/peering'
import { Args, Context, Mutation, Query, Resolver } from '@nestjs/graphql'
import { type Caller, listedFor, visibleTo } from '../callers/caller.js'
import { uuid } from '../inputs/fields.js'
import { parseInput } from '../inputs/parse-input.js'
import { connectionOf } from '../pages/connection.js'
import type { ListArguments } from '../pages/list-arguments.js'
import { CreatePeer, DeletePeer, UpdatePeer } from './peer.inputs.js'
import { peerView } from './peer.view.js'

@Resolver()
export class PeersResolver {
  constructor(private readonly peers: PeersService) {}

  @Query()
  async peer(@Args('id') id: string, @Context('caller') caller: Caller) {
    return peerView(await this.peers.get(visibleTo(caller), id))
  }

  @Query()
  async peerByAddressAndAsset(
    @Args('staticIlpAddress') staticIlpAddress: string,
    @Args('assetId') assetId: string,
    @Context('caller') caller: Caller,
  ) {
    const peer = await this.peers.byAddressAndAsset(visibleTo(caller), staticIlpAddress, parseInput(uuid, assetId))
    return peer ? peerView(peer) : null
  }

  @Query('peers')
  async list(@Args() { tenantId, ...page }: ListArguments, @Context('caller') caller: Caller) {
    return connectionOf(await this.peers.list(listedFor(caller, tenantId), page), peerView)
  }

  @Mutation()
  async createPeer(@Args('input') unchecked: unknown, @Context('caller') caller: Caller) {
    const peer = parseInput(CreatePeer, unchecked)
    return { peer: peerView(await this.peers.create({ ...peer, tenantId: visibleTo(caller) })) }
  }

  @Mutation()
  async updatePeer(@Args('input') unchecked: unknown, @Context('caller') caller: Caller) {
    const { id, ...change } = parseInput(UpdatePeer, unchecked)
    return { peer: peerView(await this.peers.update(visibleTo(caller), id, change)) }
  }

  @Mutation()
  async deletePeer(@Args('input') unchecked: unknown, @Context('caller') caller: Caller) {
    await this.peers.delete(visibleTo(caller), parseInput(DeletePeer, unchecked).id)
    return { success: true }
  }
}
