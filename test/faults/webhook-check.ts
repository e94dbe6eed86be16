import { z } from 'zod'
import type { FaultyNetwork, Site } from './faulty-network.js'

const rows = z.array(z.object({ id: z.string(), kind: z.enum(['outgoing', 'incoming']), state: z.string() }))

const ROWS = `
  select id, 'outgoing' as kind, state from outgoing_payments
  union all select id, 'incoming', state from incoming_payments`

/** What each payment's row says that the operator must have been told; told by the rows of payments, not of events. */
const tellings: Readonly<Record<string, readonly string[]>> = {
  'outgoing COMPLETED': ['outgoing_payment.created', 'outgoing_payment.completed'],
  'outgoing FAILED': ['outgoing_payment.created', 'outgoing_payment.failed'],
  'outgoing CANCELLED': ['outgoing_payment.created', 'outgoing_payment.cancelled'],
  'incoming PENDING': ['incoming_payment.created'],
  'incoming PROCESSING': ['incoming_payment.created'],
  'incoming COMPLETED': ['incoming_payment.created', 'incoming_payment.completed'],
}

/** Every event at least once, with a valid signature, and in the order of its resource; one that came twice, twice in a row. */
export async function checkWebhooks(network: FaultyNetwork): Promise<readonly string[]> {
  return (await Promise.all(network.sites.map(problemsAt))).flat()
}

async function problemsAt({ node }: Site): Promise<string[]> {
  const { events, refused } = node.operator
  const heard = new Map<string, string[]>()
  for (const { type, data } of events) {
    const types = heard.get(data.id ?? '') ?? []
    if (types.at(-1) !== type) types.push(type)
    heard.set(data.id ?? '', types)
  }
  const problems = rows.parse(await node.database.query(ROWS)).flatMap(({ id, kind, state }) => {
    const expected = tellings[`${kind} ${state}`] ?? []
    const found = heard.get(id) ?? []
    if (expected.join() === found.join()) return []
    return [
      `node ${node.name}: of ${kind} payment ${id} (${state}) was told "${found.join()}", expected "${expected.join()}"`,
    ]
  })
  return refused.length === 0
    ? problems
    : [...problems, `node ${node.name}: ${refused.length} webhooks were wrongly signed`]
}
