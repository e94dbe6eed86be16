import { derivedIdAt, type LedgerId } from '@kivuko/accounting'
import { type Prepare, type Reply, withoutTrailingBytes } from '@kivuko/ilp'
import { assert } from '@kivuko/platform'
import type { LocalDestination } from './local-receiver.js'
import type { PacketSource } from './packet-source.js'
import type { PeerAccount } from './peer-account.js'

export type Destination = PeerAccount | LocalDestination

/** A prepare on its way through the pipeline, and what the steps have found out about it so far. */
export interface Packet {
  /** Ours alone: amount and expiry are overwritten when the packet is sent on. */
  readonly bytes: Buffer
  /** As received; `amount` is in the source's asset. */
  readonly prepare: Prepare
  readonly source: PacketSource
  readonly receivedAtMs: number
  destination: Destination | undefined
  /** In the destination's asset. */
  destinationAmount: bigint
  /** The expiry of the next link, or of our own answer when the packet ends here. */
  deliveryExpiresAtMs: number
  /** What the receiver makes of a packet that ends here. */
  localReply: Reply | undefined
  ledgerId: LedgerId | undefined
  /** Whether the ledger has said what it knows of these bytes: then no reject of ours can deny a charge. */
  ledgerWasAsked: boolean
  /** It went out to a peer. */
  isSent: boolean
  /** The next hop may have fulfilled it, but did not answer in time: its reservation is neither posted nor voided. */
  isUnresolved: boolean
  /** No answer of the next hop can come any more. */
  isLost: boolean
  /** Takes what becomes of an unresolved packet: the answer that came after all, or undefined when none can come. */
  settleLate: ((reply: Reply | undefined) => void) | undefined
  /** It may go back to the peer it came from, whatever that peer's setting. */
  mayReturn: boolean
  /** The same bytes have been charged before: they are answered, and not charged again. */
  isRepeated: boolean
  /** The ledger has refused it because of what other processes have credited to its destination. */
  isOvertaken: boolean
  /** The ledger did not say in time whether its destination was credited. */
  isUncertain: boolean
}

export function newPacket(bytes: Buffer, prepare: Prepare, source: PacketSource, receivedAtMs: number): Packet {
  return {
    bytes,
    prepare,
    source,
    receivedAtMs,
    destination: undefined,
    destinationAmount: prepare.amount,
    deliveryExpiresAtMs: prepare.expiresAt.getTime(),
    localReply: undefined,
    ledgerId: undefined,
    ledgerWasAsked: false,
    isSent: false,
    isUnresolved: false,
    isLost: false,
    settleLate: undefined,
    mayReturn: false,
    isRepeated: false,
    isOvertaken: false,
    isUncertain: false,
  }
}

export function destinationOf(packet: Packet): Destination {
  assert(packet.destination, 'a packet has a destination before it is converted, charged or delivered')
  return packet.destination
}

/** The same bytes from the same source have the same id, in every process and after a restart: they are charged once. */
export function ledgerIdOf(packet: Packet): LedgerId {
  const { bytes, prepare, source } = packet
  packet.ledgerId ??= derivedIdAt(prepare.expiresAt.getTime(), 'packet', source.accountId, withoutTrailingBytes(bytes))
  return packet.ledgerId
}
