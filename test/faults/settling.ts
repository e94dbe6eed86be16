import { waitFor } from '../harness/wait-for.js'
import type { FaultyNetwork, Site } from './faulty-network.js'

// A quote stands for 20 seconds; then a lease, a packet's life and the retries under way may have to pass.
const ENDED_WITHIN_MS = 35_000
// Waits of 1, 2, 4 seconds between attempts, and a lease. Each wait is as long as all before it together: what failed all
// through a fault, which on a machine under load lasts until a node has started, is tried again about as long after it.
const TOLD_WITHIN_MS = 20_000
const WAIT_PER_FAULT = 2

/** Resolves when every payment has ended and every event is delivered; how long each took, from the call. */
export async function settled(network: FaultyNetwork, faultMs: number): Promise<{ endedMs: number; toldMs: number }> {
  const startedAt = performance.now()
  await Promise.all(network.sites.map((site) => none(site, OPEN_PAYMENTS, ENDED_WITHIN_MS)))
  const endedMs = performance.now() - startedAt
  await Promise.all(network.sites.map((site) => none(site, OPEN_EVENTS, TOLD_WITHIN_MS + WAIT_PER_FAULT * faultMs)))
  return { endedMs, toldMs: performance.now() - startedAt }
}

const OPEN_PAYMENTS = `
  select 'payment ' || id || ' ' || state || ' due ' || due_at || coalesce(' ' || error_message, '') as what
  from outgoing_payments where state in ('FUNDING', 'SENDING')`
const OPEN_EVENTS = `
  select 'event ' || id || ' ' || type || ' ' || state || coalesce(' ' || last_error, '') as what
  from webhook_events where state <> 'DELIVERED'`

async function none({ node }: Site, query: string, deadlineMs: number): Promise<void> {
  let open: unknown[] = []
  const ask = async () => {
    open = await node.database.query(`${query} limit 10`)
    return open.length === 0
  }
  await waitFor(`nothing is open at node ${node.name}`, ask, { deadlineMs, describe: () => open })
}
