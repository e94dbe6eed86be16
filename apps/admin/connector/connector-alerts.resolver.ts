import { ConnectorService } from '@kivuko/connector'
import { LiquidityWatch } from '@kivuko/peering'
import { Args, Context, Mutation, Query, Resolver } from '@nestjs/graphql'
import { type Caller, listedFor, visibleTo } from '../callers/caller.js'
import { readLimit } from '../inputs/limit.js'
import { parseInput } from '../inputs/parse-input.js'
import { DismissConnectorAlert } from './connector-alert.inputs.js'
import { connectorAlertView, liquidityLowView } from './connector-alert.view.js'

@Resolver()
export class ConnectorAlertsResolver {
  constructor(
    private readonly connector: ConnectorService,
    private readonly liquidity: LiquidityWatch,
  ) {}

  @Query()
  async connectorAlerts(
    @Args('limit') limit: number | null,
    @Args('tenantId') tenantId: string | null,
    @Context('caller') caller: Caller,
  ) {
    const scope = listedFor(caller, tenantId)
    const rows = readLimit(limit)
    const lows = await this.liquidity.lows(scope, rows)
    const alerts = this.connector.live.latestAlerts(scope, rows).map(connectorAlertView)
    const latestFirst = (a: { updatedAt: string }, b: { updatedAt: string }) => (a.updatedAt < b.updatedAt ? 1 : -1)
    return [...alerts, ...lows.map(liquidityLowView)].sort(latestFirst).slice(0, rows)
  }

  @Mutation()
  dismissConnectorAlert(@Args('input') unchecked: unknown, @Context('caller') caller: Caller) {
    const { id } = parseInput(DismissConnectorAlert, unchecked)
    return { success: this.connector.live.dismissAlert(visibleTo(caller), id) }
  }
}
