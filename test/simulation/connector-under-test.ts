import type { Ledger, LedgerId } from '@kivuko/accounting'
import { derivedIdAt, lateChargeIds, legId } from '@kivuko/accounting'
import { type ConnectorService, type ConnectorSurroundings, createConnector, type Delivery } from '@kivuko/connector'
import { decodePrepare, decodeReply, withoutTrailingBytes } from '@kivuko/ilp'
import type { Peer } from '@kivuko/peering'
import type { ProcessLiveness } from '@kivuko/platform'
import type { Received } from './link.js'

// All that the simulation knows of how the connector is put together, and of what it writes down.

/** A packet that the books of a neighbour may count otherwise, as the connector writes it down. */
export interface NotedDifference {
  readonly ledgerId: LedgerId
  readonly kind: string
  /** The neighbour to compare with. */
  readonly peerId: string | undefined
  /** In that neighbour's asset. */
  readonly amount: bigint
}

/** What a process of a node has for itself, and what it shares with the others. */
export interface ProcessSurroundings
  extends Omit<ConnectorSurroundings, 'config' | 'feed' | 'transport' | 'differences' | 'processes'> {
  readonly ilpAddress: string
  readonly tenantId: string
  readonly minMessageWindowMs: number
  readonly maxHoldTimeMs: number
  readonly survivedOutageMs: number
  readonly transport: {
    send(peer: Peer, bytes: Buffer, timeoutMs: number): Promise<Delivery>
    obstacleTo(peer: Peer): string | undefined
    chargesRepeatsOnce(peer: Peer): boolean
    close(): Promise<void>
  }
  readonly differences: { note(difference: NotedDifference): Promise<void> }
  readonly processes: ProcessLiveness
}

export function openConnector(surroundings: ProcessSurroundings): ConnectorService {
  const { ilpAddress, tenantId, minMessageWindowMs, maxHoldTimeMs, survivedOutageMs, ...others } = surroundings
  const config = {
    ...{ ilpAddress, operatorTenantId: tenantId, minMessageWindowMs, maxHoldTimeMs },
    ledgerTwoPhaseTimeoutSeconds: 1,
    ledgerMaxOutageSeconds: Math.ceil(survivedOutageMs / 1_000),
  }
  return createConnector({ ...others, config, feed: { isSilent: () => false } })
}

/** What the connector is told of a request to a next hop. */
export function deliveryOf(received: Received): Delivery {
  switch (received.kind) {
    case 'replied':
      return { kind: 'replied', reply: decodeReply(received.reply) }
    case 'refused':
      return { kind: 'refused', message: 'nobody listens', isNotTaken: true }
    case 'lost':
      return { kind: 'lost', message: received.why }
  }
}

/** The id under which a node charges what comes from the account as these bytes. */
export function packetIdOf(sourceAccountId: LedgerId, bytes: Buffer): LedgerId {
  const { expiresAt } = decodePrepare(bytes)
  return derivedIdAt(expiresAt.getTime(), 'packet', sourceAccountId, withoutTrailingBytes(bytes))
}

// A late charge has two legs, each of which may be split between an account and the shortfall account.
const LATE_LEGS = [0, 1, 2, 3]

/** Every id under which the ledger may have money of the packet. */
export function transferIdsOf(packetId: LedgerId): LedgerId[] {
  const late = lateChargeIds(packetId).flatMap((id) => LATE_LEGS.map((index) => legId(id, index)))
  return [packetId, legId(packetId, 1), ...late]
}

/**
 * How the audit reads each kind.
 * - `with`: the neighbour that the packet is compared with.
 * - `countedBy`: of those two, who counts the packet while the other does not: who is nearer to the sender (it owes the
 *   packet), or who is farther from it (it is owed the packet).
 * - `isCertain`: the books do differ, by the amount; otherwise they may.
 * - `endedBy`: the states of its transfers in which they do not differ after all.
 * - `mayBePaid`: its source may have heard a fulfill, from a process that was killed before the ledger confirmed the charge.
 */
export interface Meaning {
  readonly with: 'next hop' | 'source'
  readonly countedBy: 'upstream' | 'downstream'
  readonly isCertain: boolean
  readonly endedBy: readonly string[]
  readonly mayBePaid: boolean
}

const AT_NEXT_HOP = {
  with: 'next hop',
  countedBy: 'downstream',
  isCertain: false,
  endedBy: ['posted'],
  mayBePaid: false,
} as const
const AT_SOURCE = { with: 'source', isCertain: false, endedBy: [], mayBePaid: false } as const

const MEANINGS: ReadonlyMap<string, Meaning> = new Map<string, Meaning>([
  ['unanswered', { ...AT_NEXT_HOP, endedBy: ['posted', 'voided'] }],
  ['released', AT_NEXT_HOP],
  ['abandoned', { ...AT_NEXT_HOP, mayBePaid: true }],
  ['timed-out', { ...AT_NEXT_HOP, mayBePaid: true }],
  ['fulfilled-late', { ...AT_NEXT_HOP, isCertain: true, endedBy: [] }],
  ['beyond-maximum', { ...AT_NEXT_HOP, isCertain: true, endedBy: [] }],
  ['answer-gone', { ...AT_SOURCE, countedBy: 'downstream' }],
  ['shortfall', { ...AT_SOURCE, countedBy: 'upstream', isCertain: true }],
])

export function meaningOf(kind: string): Meaning {
  const meaning = MEANINGS.get(kind)
  if (meaning === undefined) throw new Error(`the simulation does not know what a difference of kind "${kind}" means`)
  return meaning
}

/** As the connector sees the ledger: the one of the simulation stands for one that survives its processes. */
export function durable(
  ledger: Ledger,
  call: (name: string, make: () => unknown, input: unknown) => Promise<unknown>,
): Ledger {
  return new Proxy(ledger, {
    get: (target, name) => {
      if (name === 'isDurable') return true
      const verb: unknown = Reflect.get(target, name)
      if (typeof verb !== 'function') return verb
      return (...input: unknown[]) => call(String(name), () => Reflect.apply(verb, target, input), input[0])
    },
  })
}
