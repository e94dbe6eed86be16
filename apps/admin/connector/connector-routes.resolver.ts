import { Routes } from '@kivuko/reports'
import { Args, Context, Query, Resolver } from '@nestjs/graphql'
import { actingFor, type Caller, listedFor } from '../callers/caller.js'
import { readLimit } from '../inputs/limit.js'
import { connectionOf } from '../pages/connection.js'

interface RoutesArguments {
  readonly after?: string | null
  readonly first?: number | null
  readonly tenantId?: string | null
}

@Resolver()
export class ConnectorRoutesResolver {
  constructor(private readonly routes: Routes) {}

  @Query()
  async connectorRoutes(@Args() { after, first, tenantId }: RoutesArguments, @Context('caller') caller: Caller) {
    const page = { after: after ?? undefined, first: readLimit(first) }
    return connectionOf(await this.routes.list(listedFor(caller, tenantId), page), (route) => route)
  }

  @Query()
  connectorRoute(
    @Args('destination') destination: string,
    @Args('tenantId') tenantId: string | null,
    @Context('caller') caller: Caller,
  ) {
    return this.routes.to(actingFor(caller, tenantId), destination)
  }
}
