import { idFromUuid, type LedgerId, TransferCode } from '@kivuko/accounting'
import { type Meaning, meaningOf, type NotedDifference } from './connector-under-test.js'
import type { SimulatedNode } from './simulated-node.js'

/** A packet that a node's audit lists, and for which it exits 1. */
export interface Listed {
  readonly node: string
  readonly packet: number
  readonly kind: string
  readonly meaning: Meaning
  readonly peerId: string | undefined
  readonly amount: bigint
}

const MOST_RESERVATIONS = 1_000_000

/** What was written down and has not ended otherwise, and reservations that only their timeout has ended. */
export async function auditOf(node: SimulatedNode): Promise<Listed[]> {
  const { differences } = node.stores
  const noted = new Set(differences.flatMap(({ ledgerId }) => node.stores.relatedTo(ledgerId)))
  const timedOut = (await reservationsTimedOut(node)).filter(({ ledgerId }) => !noted.has(ledgerId))
  const listed: Listed[] = []
  for (const difference of [...differences, ...timedOut]) {
    const meaning = meaningOf(difference.kind)
    if (await hasEnded(node, difference.ledgerId, meaning)) continue
    const packet = node.stores.packetOf(difference.ledgerId)
    if (packet === undefined)
      throw new Error(`node ${node.name} lists ${difference.kind} of ${difference.ledgerId}, which is no packet`)
    listed.push({ ...difference, node: node.name, packet, meaning })
  }
  return listed
}

async function reservationsTimedOut({ stores, peers }: SimulatedNode): Promise<NotedDifference[]> {
  const page = { limit: MOST_RESERVATIONS, since: new Date(0) }
  const expired = await stores.ledger.expiredReservations(page)
  return expired.flatMap(({ id, code, creditAccountId, amount }) => {
    const peer = [...peers.values()].find((peer) => idFromUuid(peer.id) === creditAccountId)
    if (code !== TransferCode.transfer || peer === undefined) return []
    return [{ ledgerId: id, kind: 'timed-out', peerId: peer.id, amount }]
  })
}

async function hasEnded({ stores }: SimulatedNode, ledgerId: LedgerId, { endedBy }: Meaning): Promise<boolean> {
  const transfers = await stores.ledger.lookup(stores.relatedTo(ledgerId))
  return [...transfers.values()].some(({ state }) => endedBy.includes(state))
}
