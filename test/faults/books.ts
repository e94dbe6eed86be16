import { idFromUuid, type LedgerId, lateChargeIds, legId } from '@kivuko/accounting'
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

const differenceRow = z.object({
  packetId: z.string(),
  kind: z.string(),
  from: z.string().nullable(),
  to: z.string().nullable(),
  amount: money,
  isOpen: z.boolean(),
})

export type OutgoingRow = z.infer<typeof outgoingRow>
export type IncomingRow = z.infer<typeof incomingRow>
export type PeerRow = z.infer<typeof peerRow>
export type TransferRow = z.infer<typeof transferRow>
export type DifferenceRow = z.infer<typeof differenceRow>

/** What a node's database says: payments beside their ledger accounts, peers, and every movement to or from a peer. */
export interface Books {
  readonly outgoing: readonly OutgoingRow[]
  readonly incoming: ReadonlyMap<string, IncomingRow>
  readonly peers: ReadonlyMap<string, PeerRow>
  readonly transfers: ReadonlyMap<LedgerId, TransferRow>
  readonly differences: readonly DifferenceRow[]
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
  select t.id, d.id as debit, c.id as credit, t.amount::text as amount,
    case when t.state = 'pending' and t.expires_at <= now() then 'expired' else t.state end as state
  from ledger_transfers t join ledger_accounts d on d.no = t.debit_account join ledger_accounts c on c.no = t.credit_account
  where t.code = 1`
const DIFFERENCES = `
  select d.ledger_id as "packetId", d.kind, source.name as "from", peer.name as "to", d.amount::text as amount,
    d.closed_at is null as "isOpen"
  from book_differences d left join peers source on source.id = d.source_peer_id left join peers peer on peer.id = d.peer_id`

export async function readBooks({ node }: Site): Promise<Books> {
  const read = async <T>(query: string, row: z.ZodType<T>) => z.array(row).parse(await node.database.query(query))
  const [outgoing, incoming, peers, transfers, differences] = await Promise.all([
    read(OUTGOING, outgoingRow),
    read(INCOMING, incomingRow),
    read(PEERS, peerRow),
    read(TRANSFERS, transferRow),
    read(DIFFERENCES, differenceRow),
  ])
  return {
    outgoing,
    incoming: new Map(incoming.map((row) => [row.id, row])),
    peers: new Map(peers.map((row) => [row.name, row])),
    transfers: new Map(transfers.map((row) => [idFromUuid(row.id), row])),
    differences,
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

/** A packet of a peer to a peer that the two may count differently. */
export interface DisputedPacket {
  readonly packetId: string
  readonly from: string
  readonly to: string
  readonly amount: bigint
}

/**
 * Forwarded packets by which a peer's ledger may differ from this one's: those that were noted, and those reserved for a
 * peer and neither posted, voided nor charged late.
 */
export function disputed({ peers, transfers, differences }: Books): readonly DisputedPacket[] {
  const names = new Map([...peers.values()].map(({ id, name }) => [id, name]))
  const found = new Map<string, DisputedPacket>()
  for (const { packetId, kind, from, to, amount } of differences)
    if (from !== null && to !== null && isDifferent(kind, packetId, transfers))
      found.set(packetId, { packetId, from, to, amount })
  for (const [id, { id: packetId, debit, credit, amount, state }] of transfers) {
    const from = names.get(debit)
    if (from === undefined || (state !== 'pending' && state !== 'expired') || isCharged(id, transfers)) continue
    const to = names.get(credit) ?? names.get(transfers.get(legId(id, 1))?.credit ?? '')
    if (to !== undefined) found.set(packetId, { packetId, from, to, amount })
  }
  return [...found.values()]
}

/** The packets that the audit has to list: open rows, and reservations that nobody ended and that nothing was noted of. */
export function listable({ peers, transfers, differences }: Books): ReadonlyMap<string, bigint> {
  const peerIds = new Set([...peers.values()].map(({ id }) => id))
  const open = differences.filter(({ kind, packetId, isOpen }) => isOpen && isDifferent(kind, packetId, transfers))
  const noted = new Set(differences.map(({ packetId }) => packetId))
  const abandoned = [...transfers].filter(
    ([id, { id: packetId, debit, credit, state }]) =>
      state === 'expired' &&
      peerIds.has(debit) &&
      peerIds.has(credit) &&
      !noted.has(packetId) &&
      !isCharged(id, transfers),
  )
  return new Map([
    ...open.map(({ packetId, amount }) => [packetId, amount] as const),
    ...abandoned.map(([, { id, amount }]) => [id, amount] as const),
  ])
}

type Transfers = Books['transfers']

function isDifferent(kind: string, packetId: string, transfers: Transfers): boolean {
  const id = idFromUuid(packetId)
  if (kind === 'unanswered') return transfers.get(id)?.state !== 'voided' && !isCharged(id, transfers)
  return kind === 'released' || kind === 'abandoned' ? !isCharged(id, transfers) : true
}

function isCharged(id: LedgerId, transfers: Transfers): boolean {
  return [id, ...lateChargeIds(id)].some((charge) => transfers.get(charge)?.state === 'posted')
}
