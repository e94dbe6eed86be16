import { z } from 'zod'
import { PEER_LIQUIDITY } from '../harness/network.js'
import { type Books, type OutgoingRow, paidByPeers, readBooks, unresolved } from './books.js'
import type { FaultyNetwork, Site } from './faulty-network.js'

/** What the ledgers of all nodes say to each other after a round. */
export interface MoneyCheck {
  readonly problems: readonly string[]
  readonly ended: Readonly<Record<string, number>>
  /** Forwarded packets of unknown end, and what they come to. */
  readonly unresolvedPackets: number
  readonly unresolvedAmount: bigint
  /** Packets of own payments of which their receiver's total did not tell for certain what became: listed by the audit. */
  readonly doubtfulPackets: number
}

const amounts = z.array(z.object({ amount: z.string().transform(BigInt) }))

const RELEASED = `
  select coalesce(sum(t.amount), 0)::text as amount
  from ledger_transfers t join ledger_accounts a on a.no = t.credit_account join peers p on p.id = a.id
  where t.code = 1 and t.state in ('pending', 'expired') and t.expires_at <= now()`

const counts = z.array(z.object({ count: z.int() }))
const DOUBTFUL = 'select count(*)::int as count from book_differences where payment_id is not null'

/** Every payment by both ledgers, and every peering by both peers: to the unit. */
export async function checkMoney(network: FaultyNetwork): Promise<MoneyCheck> {
  const books = new Map(await Promise.all(network.sites.map(async (site) => [site, await readBooks(site)] as const)))
  const paid = new Map([...books].map(([site, of]) => [site, paidByPeers(of)]))
  const open = unresolved(bookOf(books, network.b))
  const unresolvedAmount = open.reduce((sum, { amount }) => sum + amount, 0n)
  const problems: string[] = []
  let excess = 0n
  for (const [site, own] of books) {
    for (const payment of own.outgoing) {
      const to = receiverOf(payment, books, paid)
      // A hop between may have said no for a packet whose yes came too late for it: its loss, and on its list.
      const isForwarded = to !== undefined && to.site !== site && !own.peers.has(to.site.node.name)
      const spare = isForwarded ? unresolvedAmount - excess : 0n
      problems.push(...paymentProblem(payment, site, to, spare))
      if (isForwarded) excess += arrivedAt(to) - payment.sent
    }
  }
  problems.push(...peeringProblems(books))
  problems.push(...(await Promise.all(network.sites.map(auditProblems))).flat())
  const doubtful = await Promise.all(
    network.sites.map(async ({ node }) => counts.parse(await node.database.query(DOUBTFUL))),
  )
  const doubtfulPackets = doubtful.flat().reduce((sum, { count }) => sum + count, 0)
  return { problems, ended: countStates(books), unresolvedPackets: open.length, unresolvedAmount, doubtfulPackets }
}

interface Received {
  readonly site: Site
  readonly state: string
  /** In the receiver's minor unit. */
  readonly received: bigint
  /** In the sender's, by what the receiving node's peer was debited; undefined for a payment within a node. */
  readonly paidByPeer: bigint | undefined
}

function receiverOf(
  { receiver, method }: OutgoingRow,
  books: ReadonlyMap<Site, Books>,
  paid: ReadonlyMap<Site, ReadonlyMap<string, bigint>>,
): Received | undefined {
  const id = receiver.split('/').at(-1) ?? ''
  for (const [site, { incoming }] of books) {
    const row = incoming.get(id)
    if (row === undefined) continue
    return { site, ...row, paidByPeer: method === 'local' ? undefined : (paid.get(site)?.get(id) ?? 0n) }
  }
  return undefined
}

/** In the sender's minor unit. */
function arrivedAt({ paidByPeer, received }: Received): bigint {
  return paidByPeer ?? received
}

/** `spare`: how much more than was posted may have arrived. */
function paymentProblem(
  payment: OutgoingRow,
  { node }: Site,
  to: Received | undefined,
  spare: bigint,
): readonly string[] {
  const { id, state, reason, method, sent, sentAmount, reserved, receiveAmount } = payment
  const name = `${method} payment ${id} of node ${node.name} (${state}${reason === null ? '' : `, ${reason}`})`
  if (to === undefined) return [`${name}: its receiver is nowhere`]
  if (state === 'FUNDING' || state === 'SENDING') return [`${name} has no end`]
  const arrived = arrivedAt(to)
  const problems: string[] = []
  if (arrived < sent || arrived > sent + spare)
    problems.push(`${sent} were posted, ${arrived} arrived; ${spare} are listed as forwarded with an unknown end`)
  if (reserved !== 0n) problems.push(`${reserved} are still reserved`)
  if (sent !== sentAmount) problems.push(`its row says ${sentAmount} were sent, the ledger ${sent}`)
  if (state === 'COMPLETED' && to.received < receiveAmount)
    problems.push(`completed with ${to.received} of ${receiveAmount} received`)
  return problems.map((problem) => `${name}: ${problem}`)
}

/** What one says it owes the other is what the other says it is owed, but for packets forwarded with an unknown end. */
function peeringProblems(books: ReadonlyMap<Site, Books>): string[] {
  return [...books].flatMap(([site, own]) =>
    [...own.peers.values()].flatMap(({ name, credits, debits }) => {
      const [other, theirs] = [...books].find(([{ node }]) => node.name === name) ?? []
      const mirror = theirs?.peers.get(site.node.name)
      if (other === undefined || mirror === undefined) return [`node ${name} does not know its peer ${site.node.name}`]
      const owed = credits - debits - PEER_LIQUIDITY
      const claimed = PEER_LIQUIDITY - mirror.credits + mirror.debits
      const listed = [site, other]
        .flatMap((at) => unresolved(bookOf(books, at)))
        .filter(({ from, to }) => [from, to].some((peer) => peer === name || peer === site.node.name))
        .reduce((sum, { amount }) => sum + amount, 0n)
      const difference = owed > claimed ? owed - claimed : claimed - owed
      if (difference <= listed) return []
      return [
        `${site.node.name} owes ${name} ${owed} by its own ledger, ${claimed} by the other's; listed are ${listed}`,
      ]
    }),
  )
}

/** The audit finds nothing, and lists every forwarded packet of unknown end whose timeout has released it. */
async function auditProblems({ node }: Site): Promise<string[]> {
  const released = amounts.parse(await node.database.query(RELEASED))[0]?.amount
  const { findings, unresolved: lines } = await node.audit()
  const listed = lines.reduce((sum, { amount }) => sum + amount, 0n)
  const problems = findings.map(
    ({ kind, subject, expected, found }) => `${kind}: ${subject}: expected ${expected}, found ${found}`,
  )
  if (released === undefined || listed < released)
    problems.push(`it lists ${listed} in packets of unknown end, where ${released} were reserved and nobody ended them`)
  return problems.map((problem) => `audit of node ${node.name}: ${problem}`)
}

function countStates(books: ReadonlyMap<Site, Books>): Record<string, number> {
  const counts: Record<string, number> = {}
  for (const { outgoing } of books.values()) for (const { state } of outgoing) counts[state] = (counts[state] ?? 0) + 1
  return counts
}

function bookOf(books: ReadonlyMap<Site, Books>, site: Site): Books {
  const found = books.get(site)
  if (found === undefined) throw new Error(`the books of node ${site.node.name} were not read`)
  return found
}
