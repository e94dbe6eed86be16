import { ConnectorService } from '@kivuko/connector'
import { Args, Context, Query, Resolver } from '@nestjs/graphql'
import { type Caller, visibleTo } from '../callers/caller.js'
import { readLimit } from '../inputs/limit.js'
import { packetView } from './packet.view.js'

@Resolver()
export class PacketsResolver {
  constructor(private readonly connector: ConnectorService) {}

  @Query()
  packets(@Args('limit') limit: number | null, @Context('caller') caller: Caller) {
    return this.connector.recentPackets(readLimit(limit), visibleTo(caller)).map(packetView)
  }
}
