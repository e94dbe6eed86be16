import { idFromUuid, Ledger } from '@kivuko/accounting'
import { ConnectorService } from '@kivuko/connector'
import { type Peer, PeersService } from '@kivuko/peering'
import { Args, Context, Query, Resolver } from '@nestjs/graphql'
import { type Caller, listedFor, visibleTo } from '../callers/caller.js'
import { connectionOf } from '../pages/connection.js'
import type { ListArguments } from '../pages/list-arguments.js'
import { type AccountSight, connectorAccountView } from './connector-account.view.js'

/** Balances of a page come in one reading of the ledger; all else is in memory. */
@Resolver()
export class ConnectorAccountsResolver {
  constructor(
    private readonly peers: PeersService,
    private readonly ledger: Ledger,
    private readonly connector: ConnectorService,
  ) {}

  @Query()
  async connectorAccounts(@Args() { tenantId, ...page }: ListArguments, @Context('caller') caller: Caller) {
    const peers = await this.peers.list(listedFor(caller, tenantId), page)
    const sights = await this.sights(peers.rows)
    return connectionOf(peers, (peer) => connectorAccountView(peer, sights(peer)))
  }

  @Query()
  async connectorAccount(@Args('id') id: string, @Context('caller') caller: Caller) {
    const peer = await this.peers.get(visibleTo(caller), id)
    const sights = await this.sights([peer])
    return connectorAccountView(peer, sights(peer))
  }

  private async sights(peers: readonly Peer[]): Promise<(peer: Peer) => AccountSight> {
    const { live } = this.connector
    const balances = await this.ledger.balances(peers.map(({ id }) => idFromUuid(id)))
    const traffic = live.traffic(peers.map(({ id }) => id))
    return (peer) => ({
      balance: balances.get(idFromUuid(peer.id)),
      traffic: traffic.get(peer.id),
      limits: live.limitsOf(peer),
      links: live.linksOf(peer),
    })
  }
}
