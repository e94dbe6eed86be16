import type { TestNode } from '../harness/node.js'
import { leaked, signedBy } from './admin-knock.js'
import type { Tally } from './tally.js'
import { secretsOf, type TenantWorld } from './tenant-world.js'

const HEALTH = ['/livez', '/healthz', '/readyz']

export interface AdminRoutesParts {
  readonly node: TestNode
  readonly victim: TenantWorld
  readonly tally: Tally
}

/** Every route of the admin door by its router: open is health alone, and nothing is reached but by a signed POST. */
export async function walkAdminRoutes(routes: readonly string[], parts: AdminRoutesParts): Promise<void> {
  for (const route of routes) await walk(route, parts)
}

async function walk(route: string, { node, victim, tally }: AdminRoutesParts): Promise<void> {
  const [method = '', path = ''] = route.split(' ')
  const credentials = { tenantId: victim.tenant.id, secret: victim.tenant.apiSecret }
  const url = new URL(path, node.adminUrl)
  url.searchParams.set('query', '{ whoami { id } }')
  const knocks = HEALTH.includes(path) ? [{}] : [{}, ...(method === 'POST' ? [] : [signedBy(credentials, {})])]
  for (const headers of knocks) {
    const response = await fetch(url, { method, headers })
    const text = await response.text()
    const shown = leaked({ text }, path, [...secretsOf(victim), victim.name, victim.tenant.id])
    const expected = HEALTH.includes(path) ? 200 : 401
    if (response.status !== expected || shown.length > 0) tally.hole('admin', route, `${response.status} ${text}`)
    else if (expected === 200) tally.answered('admin', route)
    else tally.refused('admin', route)
  }
}
