import { isUuid } from '@kivuko/assets'
import type { Peer, PeersService } from '@kivuko/peering'
import { type DataSource, DomainError, type Page } from '@kivuko/platform'
import { type RouteRow, readRoutes } from './routes.queries.js'

/** A prefix and the peer that it leads to; `id` is its cursor. */
export interface Route extends RouteRow {
  readonly id: string
}

export interface RoutesPage {
  readonly after: string | undefined
  readonly first: number
}

/** Where packets go, for people: the prefixes of all peers, and the way to one address. */
export class Routes {
  constructor(
    private readonly dataSource: DataSource,
    private readonly peers: Pick<PeersService, 'find' | 'routing'>,
  ) {}

  async list(tenantId: string | undefined, { after, first }: RoutesPage): Promise<Page<Route>> {
    const last = after === undefined ? undefined : routeAt(after)
    const rows = await readRoutes(this.dataSource.manager, tenantId, last, first + 1)
    const page = rows.slice(0, first).map((row) => ({ ...row, id: `${row.peerId}/${row.prefix}` }))
    return { rows: page, hasNextPage: rows.length > first, hasPreviousPage: after !== undefined }
  }

  /** By the same choice that packets go by, from memory. */
  to(tenantId: string, destination: string): RouteRow | undefined {
    const hop = this.peers.routing.nextHop(tenantId, destination)
    const peer = hop && this.peers.find(hop.peerId)
    return peer && { prefix: longestPrefix(peer, destination), peerId: peer.id, tenantId }
  }
}

function routeAt(cursor: string): Pick<RouteRow, 'prefix' | 'peerId'> {
  const slash = cursor.indexOf('/')
  const peerId = cursor.slice(0, slash)
  if (isUuid(peerId)) return { peerId, prefix: cursor.slice(slash + 1) }
  throw new DomainError(
    'invalid',
    'InvalidCursor',
    `after must be the cursor of a route, found "${cursor.slice(0, 64)}"`,
  )
}

function longestPrefix({ staticIlpAddress, routes }: Peer, destination: string): string {
  const matching = [staticIlpAddress, ...routes].filter((prefix) => `${destination}.`.startsWith(`${prefix}.`))
  return matching.reduce((longest, prefix) => (prefix.length > longest.length ? prefix : longest), '')
}
