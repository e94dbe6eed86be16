import { patchPrepare, type Reply } from '@kivuko/ilp'
import type { Peer } from '@kivuko/peering'
import { assert, type Clock } from '@kivuko/platform'
import { destinationOf, type Packet } from './packet.js'
import type { Refuse } from './refuse.js'
import type { Handler } from './step.js'

/**
 * What became of a packet sent to a peer. `refused`: the peer did not take it, by what it says or since nothing reached
 * it (`isNotTaken`: for certain). `lost`: it may have taken it, and its answer did not arrive.
 */
export type Delivery =
  | { readonly kind: 'replied'; readonly reply: Reply }
  | { readonly kind: 'refused'; readonly message: string; readonly isNotTaken?: boolean }
  | { readonly kind: 'lost'; readonly message: string }

/** How packets reach a peer. `timeoutMs` is what is left until the packet expires. */
export interface PeerTransport {
  send(peer: Peer, bytes: Buffer, timeoutMs: number): Promise<Delivery>
  /** Why nothing is sent there at the moment; undefined when it can be. */
  obstacleTo(peer: Peer): string | undefined
  /** Whether it charges the same bytes once, however often they come: its latest response or the operator says so. */
  chargesRepeatsOnce(peer: Peer): boolean
  /** Lets what is under way finish. */
  close(): Promise<void>
}

/** How our own T01 begins: one that a next hop passed on says something of a peer farther away. */
export const PEER_UNREACHABLE = 'peer unreachable.'

const LOST: Delivery = { kind: 'lost', message: 'no answer before its expiry' }

// A connection that broke is tried again soon, one that stays broken is not hammered.
const FIRST_RESEND_MS = 20
const LONGEST_RESEND_MS = 1_000

export type SendingTransport = Pick<PeerTransport, 'send' | 'chargesRepeatsOnce'>

/** The end of the pipeline: the receiver's answer when the packet ends here, else the next hop's. */
export function deliver(transport: SendingTransport, clock: Clock, refuse: Refuse): Handler {
  return (packet) => {
    const destination = destinationOf(packet)
    if (destination.kind === 'peer') return deliverToPeer(packet, destination.peer)
    assert(packet.localReply, 'a packet that ends here was shown to its receiver')
    return Promise.resolve(packet.localReply)
  }

  function deliverToPeer(packet: Packet, peer: Peer): Promise<Reply> {
    const expiresAtMs = packet.deliveryExpiresAtMs
    // The ledger was slow: nothing has been sent, so that nothing can have been taken.
    if (expiresAtMs <= clock.nowMs()) return refuse(packet, 'R02', 'the packet expired before it could be sent.')
    const bytes = patchPrepare(packet.bytes, { amount: packet.destinationAmount, expiresAtMs })
    packet.isSent = true
    return transport.send(peer, bytes, expiresAtMs - clock.nowMs()).then((first) => {
      if (isProof(first, packet)) return replyTo(packet, peer, first)
      return resend(peer, bytes, expiresAtMs).then((delivery) => replyTo(packet, peer, delivery))
    })
  }

  function replyTo(packet: Packet, peer: Peer, delivery: Delivery): Reply | Promise<Reply> {
    switch (delivery.kind) {
      case 'replied':
        return delivery.reply
      case 'refused':
        return refuse(packet, 'T01', `${PEER_UNREACHABLE} peer=${peer.staticIlpAddress} reason=${delivery.message}`)
      case 'lost':
        packet.isUnresolved = true
        // This reject is ours: it proves nothing about what the next hop did.
        packet.isLost = true
        return refuse(packet, 'R00', 'packet expired.')
    }
  }

  /**
   * To a next hop that charges the same bytes once they go out again until they expire; any other would charge them again
   * and hears nothing more. A refusal to take them now, by a peer that starts, is too busy to look or finds them expired,
   * proves nothing about then.
   */
  async function resend(peer: Peer, bytes: Buffer, expiresAtMs: number): Promise<Delivery> {
    let waitMs = FIRST_RESEND_MS
    for (;;) {
      const leftMs = expiresAtMs - clock.nowMs()
      if (waitMs >= leftMs || !transport.chargesRepeatsOnce(peer)) {
        // The source hears of it when the packet expires, and not before: until then it may have been taken.
        await new Promise((resolve) => setTimeout(resolve, leftMs + 1))
        return LOST
      }
      await new Promise((resolve) => setTimeout(resolve, waitMs))
      const delivery = await transport.send(peer, bytes, expiresAtMs - clock.nowMs())
      if (delivery.kind === 'replied' && !isForNow(delivery.reply)) return delivery
      waitMs = Math.min(waitMs * 2, LONGEST_RESEND_MS)
    }
  }
}

/**
 * A refusal to take a packet now; of one that may have been taken before it says nothing. Nor does a receiver's F99, which
 * it gives for today's rate.
 */
export function isForNow(reply: Reply): boolean {
  return reply.type === 'reject' && (!reply.code.startsWith('F') || reply.code === 'F99')
}

/** Whether what came of sending says what becomes of the packet: of one that was sent before, only a last word does. */
function isProof(delivery: Delivery, { isRepeated }: Packet): boolean {
  if (delivery.kind === 'lost') return false
  return !isRepeated || (delivery.kind === 'replied' && !isForNow(delivery.reply))
}
