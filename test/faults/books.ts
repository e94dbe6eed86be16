import { idFromUuid, type LedgerId, legId } from '@kivuko/accounting'
import { z } from 'zod'
import type { Site } from './faulty-network.js'

const money = z.string().transform(BigInt)

const outgoingRow = z.object({
  id: z.string(),
  state: z.string(),
  reason: z.string().nullable(),
  method: z.string(),
  receiver: z.string(),
  receiveAmount: money,
  sentAmount: money,
  /** By the ledger. */
  sent: money,
  reserved: money,
})
const incomingRow = z.object({ id: z.string(), state: z.string(), received: money })
const peerRow = z.object({ id: z.string(), name: z.string(), credits: money, debits: money })
const transferRow = z.object({
  id: z.string(),
  debit: z.string(),
  credit: z.string(),
  amount: money,
  state: z.string(),
})

export type OutgoingRow = z.infer<typeof outgoingRow>
export type IncomingRow = z.infer<typeof incomingRow>
export type PeerRow = z.infer<typeof peerRow>
export type TransferRow = z.infer<typeof transferRow>

/** What a node's database says: payments beside their ledger accounts, peers, and every movement to or from a peer. */
export interface Books {
  readonly outgoing: readonly OutgoingRow[]
  readonly incoming: ReadonlyMap<string, IncomingRow>
  readonly peers: ReadonlyMap<string, PeerRow>
  readonly transfers: ReadonlyMap<LedgerId, TransferRow>
}

const OUTGOING = `
  select p.id, p.state, p.error_reason as reason, q.method, q.receiver, q.receive_amount::text as "receiveAmount",
    p.sent_amount::text as "sentAmount", coalesce(a.debits_posted, 0)::text as sent, coalesce(a.debits_pending, 0)::text as reserved
  from outgoing_payments p join quotes q on q.id = p.id left join ledger_accounts a on a.id = p.id order by p.created_at`
const INCOMING = `
  select i.id, i.state, coalesce(a.credits_posted, 0)::text as received
  from incoming_payments i left join ledger_accounts a on a.id = i.id`
const PEERS = `
  select p.id, p.name, a.credits_posted::text as credits, a.debits_posted::text as debits
  from peers p join ledger_accounts a on a.id = p.id`
const TRANSFERS = `
  select t.id, d.id as debit, c.id as credit, t.amount::text as amount, t.state
  from ledger_transfers t join ledger_accounts d on d.no = t.debit_account join ledger_accounts c on c.no = t.credit_account
  where t.code = 1`

export async function readBooks({ node }: Site): Promise<Books> {
  const read = async <T>(query: string, row: z.ZodType<T>) => z.array(row).parse(await node.database.query(query))
  const [outgoing, incoming, peers, transfers] = await Promise.all([
    read(OUTGOING, outgoingRow),
    read(INCOMING, incomingRow),
    read(PEERS, peerRow),
    read(TRANSFERS, transferRow),
  ])
  return {
    outgoing,
    incoming: new Map(incoming.map((row) => [row.id, row])),
    peers: new Map(peers.map((row) => [row.name, row])),
    transfers: new Map(transfers.map((row) => [idFromUuid(row.id), row])),
  }
}

/** What peers paid for each incoming payment, in the asset of the peering: by the legs of its packets. */
export function paidByPeers({ peers, transfers }: Books): ReadonlyMap<string, bigint> {
  const peerIds = new Set([...peers.values()].map(({ id }) => id))
  const paid = new Map<string, bigint>()
  for (const [id, first] of transfers) {
    if (first.state !== 'posted' || !peerIds.has(first.debit)) continue
    // Across assets, or where something was left over, a packet has a second leg.
    const second = transfers.get(legId(id, 1))
    const receivers = [first.credit, ...(second === undefined ? [] : [second.credit])]
    for (const receiver of receivers)
      paid.set(
        receiver,
        (paid.get(receiver) ?? 0n) + first.amount + (second?.debit === first.debit ? second.amount : 0n),
      )
  }
  return paid
}

/** Forwarded packets whose end is not known: reserved for a peer, and neither posted nor voided. */
export function unresolved({ peers, transfers }: Books): readonly { from: string; to: string; amount: bigint }[] {
  const names = new Map([...peers.values()].map(({ id, name }) => [id, name]))
  return [...transfers].flatMap(([id, { debit, credit, amount, state }]) => {
    const from = names.get(debit)
    if (from === undefined || (state !== 'pending' && state !== 'expired')) return []
    const to = names.get(credit) ?? names.get(transfers.get(legId(id, 1))?.credit ?? '')
    return to === undefined ? [] : [{ from, to, amount }]
  })
}
