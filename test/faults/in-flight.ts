import { TENANT_ID } from '../harness/node-settings.js'
import type { FaultyNetwork, Site } from './faulty-network.js'

/** What a fault met. */
export interface InFlight {
  readonly packets: number
  readonly jobs: number
  readonly payments: number
}

const QUEUES = ['outgoing-payments', 'incoming-payments', 'wallet-addresses', 'webhooks'] as const

/** Packets between nodes without an answer, jobs rung or being done, payments between their deposit and their end. */
export async function countInFlight(network: FaultyNetwork): Promise<InFlight> {
  const sites = await Promise.all(network.sites.map((site) => countAt(network, site)))
  const packets = [...network.packetWires.values()].reduce((sum, { inFlight }) => sum + inFlight, 0)
  const sum = (of: 'jobs' | 'payments') => sites.reduce((total, site) => total + site[of], 0)
  return { packets, jobs: sum('jobs'), payments: sum('payments') }
}

export function metNothing({ packets, jobs, payments }: InFlight): boolean {
  return packets === 0 || jobs === 0 || payments === 0
}

async function countAt(network: FaultyNetwork, site: Site): Promise<{ jobs: number; payments: number }> {
  const { database } = site.node
  const payments = await count(site, `select count(*)::int as count from outgoing_payments where state = 'SENDING'`)
  if (network.redis?.site !== site) {
    const [table] = await database.query(`select to_regclass('bullmq.job') as found`)
    if (table?.found === null) return { jobs: 0, payments }
    const open = `select count(*)::int as count from bullmq.job where state in ('waiting', 'active')`
    return { jobs: await count(site, open), payments }
  }
  const { server } = network.redis
  const lists = QUEUES.flatMap((queue) => ['active', 'wait'].map((list) => `${queue}:${list}`))
  const lengths = await Promise.all(
    lists.map((list) => server.say(`LLEN kivuko:${site.node.ilpAddress}:${TENANT_ID}:${list}`)),
  )
  const jobs = lengths.reduce((sum, answer) => sum + Number(/^:(\d+)/.exec(answer)?.[1] ?? 0), 0)
  return { jobs, payments }
}

async function count({ node }: Site, query: string): Promise<number> {
  const [row] = await node.database.query(query)
  return typeof row?.count === 'number' ? row.count : 0
}
