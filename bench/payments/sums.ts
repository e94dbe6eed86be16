import { query } from './database-server.js'
import { AMOUNT } from './network.js'
import type { BenchNode } from './node.js'

const SENT = `select count(*)::text as payments, coalesce(sum(sent_amount), 0)::text as amount
  from outgoing_payments where state = 'COMPLETED'`
const RECEIVED = 'select coalesce(sum(received_amount), 0)::text as amount from incoming_payments'

/** What left is what arrived, payment by payment and in all, and each node's books are right. */
export async function checkSums(nodes: readonly BenchNode[]): Promise<void> {
  let [expected, sent, received] = [0n, 0n, 0n]
  for (const { databaseUrl } of nodes) {
    for (const row of await query<{ payments: string; amount: string }>(databaseUrl, SENT)) {
      expected += BigInt(row.payments) * BigInt(AMOUNT.value)
      sent += BigInt(row.amount)
    }
    for (const { amount } of await query<{ amount: string }>(databaseUrl, RECEIVED)) received += BigInt(amount)
  }
  if (sent !== expected || received !== expected) {
    throw new Error(`${expected} was to be sent, ${sent} left and ${received} arrived`)
  }
  for (const node of nodes) await node.audit()
}
