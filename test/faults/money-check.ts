import { PEER_LIQUIDITY } from '../harness/network.js'
import { type Books, disputed, listable, type OutgoingRow, paidByPeers, readBooks } from './books.js'
import type { FaultyNetwork, Site } from './faulty-network.js'

/** What the ledgers of all nodes say to each other after a round. */
export interface MoneyCheck {
  readonly problems: readonly string[]
  readonly ended: Readonly<Record<string, number>>
  /** Packets that node b forwarded and that its peers may count otherwise, and what they come to. */
  readonly disputedPackets: number
  readonly disputedAmount: bigint
  /** How many packets the audits of all nodes list, by kind. */
  readonly listed: Readonly<Record<string, number>>
}

/** Every payment by both ledgers, and every peering by both peers: to the unit. */
export async function checkMoney(network: FaultyNetwork): Promise<MoneyCheck> {
  const books = new Map(await Promise.all(network.sites.map(async (site) => [site, await readBooks(site)] as const)))
  const paid = new Map([...books].map(([site, of]) => [site, paidByPeers(of)]))
  const open = disputed(bookOf(books, network.b))
  const disputedAmount = open.reduce((sum, { amount }) => sum + amount, 0n)
  const problems: string[] = []
  let excess = 0n
  for (const [site, own] of books) {
    for (const payment of own.outgoing) {
      const to = receiverOf(payment, books, paid)
      // A hop between may have said no for a packet whose yes came too late for it: its loss, and on its list.
      const isForwarded = to !== undefined && to.site !== site && !own.peers.has(to.site.node.name)
      const spare = isForwarded ? disputedAmount - excess : 0n
      problems.push(...paymentProblem(payment, site, to, spare))
      if (isForwarded) excess += arrivedAt(to) - payment.sent
    }
  }
  problems.push(...peeringProblems(books))
  const audits = await Promise.all(network.sites.map(audited))
  problems.push(...audits.flatMap((audit) => audit.problems))
  const listed = sumOf(audits.map((audit) => audit.listed))
  return { problems, ended: countStates(books), disputedPackets: open.length, disputedAmount, listed }
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
    problems.push(`${sent} were posted, ${arrived} arrived; ${spare} are forwarded packets in dispute`)
  if (reserved !== 0n) problems.push(`${reserved} are still reserved`)
  if (sent !== sentAmount) problems.push(`its row says ${sentAmount} were sent, the ledger ${sent}`)
  if (state === 'COMPLETED' && to.received < receiveAmount)
    problems.push(`completed with ${to.received} of ${receiveAmount} received`)
  return problems.map((problem) => `${name}: ${problem}`)
}

/** What one says it owes the other is what the other says it is owed, but for packets that the two may count differently. */
function peeringProblems(books: ReadonlyMap<Site, Books>): string[] {
  return [...books].flatMap(([site, own]) =>
    [...own.peers.values()].flatMap(({ name, credits, debits }) => {
      const [other, theirs] = [...books].find(([{ node }]) => node.name === name) ?? []
      const mirror = theirs?.peers.get(site.node.name)
      if (other === undefined || mirror === undefined) return [`node ${name} does not know its peer ${site.node.name}`]
      const owed = credits - debits - PEER_LIQUIDITY
      const claimed = PEER_LIQUIDITY - mirror.credits + mirror.debits
      const listed = [site, other]
        .flatMap((at) => disputed(bookOf(books, at)))
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

interface Audited {
  readonly problems: readonly string[]
  readonly listed: Readonly<Record<string, number>>
}

/** The audit finds nothing, and lists exactly the packets that the rows and the ledger name before and after it. */
async function audited(site: Site): Promise<Audited> {
  const before = listable(await readBooks(site))
  const { findings, differences } = await site.node.audit()
  const after = listable(await readBooks(site))
  const listed = new Set(differences.packets.map(({ packetId }) => packetId))
  const missing = [...before].filter(([id]) => after.has(id) && !listed.has(id))
  const foreign = [...listed].filter((id) => !before.has(id) && !after.has(id))
  const problems = [
    ...findings.map(
      ({ kind, subject, expected, found }) => `${kind}: ${subject}: expected ${expected}, found ${found}`,
    ),
    ...missing.map(([id, amount]) => `it does not list the packet ${id} of ${amount}`),
    ...foreign.map((id) => `it lists the packet ${id}, by which no books differ`),
    ...(differences.leftOff > 0 ? [`it leaves off ${differences.leftOff} packets`] : []),
  ]
  return {
    problems: problems.map((problem) => `audit of node ${site.node.name}: ${problem}`),
    listed: sumOf(differences.sums.map(({ kind, packets }) => ({ [kind]: packets }))),
  }
}

function sumOf(counts: readonly Readonly<Record<string, number>>[]): Record<string, number> {
  const sums: Record<string, number> = {}
  for (const [kind, count] of counts.flatMap(Object.entries<number>)) sums[kind] = (sums[kind] ?? 0) + count
  return sums
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
