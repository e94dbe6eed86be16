import type { Reply } from '@kivuko/ilp'
import type { Clock } from '@kivuko/platform'
import type { ConnectorMetrics } from '../connector-metrics.js'
import type { FairPlaces, SourcePlaces } from '../fair-places.js'
import { destinationOf, type Packet } from '../packet.js'
import type { PeerAccount } from '../peer-account.js'
import type { PeerPlaces } from '../peer-places.js'
import type { Refuse } from '../refuse.js'
import { type Handler, rejecting, type Step } from '../step.js'
import type { HoldTimes } from './shorten-expiry.js'

interface AwaitPlaceParts extends HoldTimes {
  readonly clock: Clock
  readonly metrics: Pick<ConnectorMetrics, 'foundNoPlace'>
}

/**
 * A packet to a peer is under way there in a place of its source. While the places are taken it waits, with nothing
 * reserved for it; T03 when its source has too many that wait, or when its time to wait is over.
 */
export function awaitPlace(places: PeerPlaces, parts: AwaitPlaceParts, refuse: Refuse): Step {
  const { clock, metrics, minMessageWindowMs, maxHoldTimeMs } = parts

  return (next) => {
    const ask = rejecting(next)
    return (packet) => {
      const destination = destinationOf(packet)
      if (destination.kind !== 'peer') return next(packet)
      const atPeer = places.of(destination.peer)
      const source = atPeer.of(packet.source.id, packet.source.tenantId)
      return atPeer.take(source) ? proceed(packet, atPeer, source, ask) : wait(packet, destination, atPeer, source, ask)
    }
  }

  function proceed(packet: Packet, atPeer: FairPlaces, source: SourcePlaces, ask: Handler): Promise<Reply> {
    const reply = ask(packet)
    const release = () => {
      if (packet.isUnresolved) places.releaseUnanswered(atPeer, source)
      else atPeer.release(source)
    }
    reply.then(release, release)
    return reply
  }

  function wait(
    packet: Packet,
    destination: PeerAccount,
    atPeer: FairPlaces,
    source: SourcePlaces,
    ask: Handler,
  ): Promise<Reply> {
    const nowMs = clock.nowMs()
    const latestMs = latestStartMs(packet)
    // It expires too soon in any case, which shortenExpiry says.
    if (latestMs < nowMs) return ask(packet)
    return new Promise((resolve) => {
      const isWaiting = places.wait(atPeer, source, latestMs, (hasPlace) => {
        if (hasPlace) resolve(proceed(packet, atPeer, source, ask))
        else resolve(refuseBusy(packet, destination, atPeer, `none became free in ${clock.nowMs() - nowMs} ms`))
      })
      if (isWaiting) return
      const queue = `the queue of this account is full (${source.waiting.size} packets)`
      resolve(refuseBusy(packet, destination, atPeer, queue))
    })
  }

  /** The last moment at which shortenExpiry lets the packet pass. */
  function latestStartMs({ prepare, receivedAtMs }: Packet): number {
    const expiresAtMs = Math.min(prepare.expiresAt.getTime() - minMessageWindowMs, receivedAtMs + maxHoldTimeMs)
    return expiresAtMs - minMessageWindowMs
  }

  function refuseBusy(packet: Packet, to: PeerAccount, { taken }: FairPlaces, reason: string): Promise<Reply> {
    metrics.foundNoPlace(to)
    const message = `next hop busy, try again later: its places (${taken}) are taken, and ${reason}. peer=${to.peer.staticIlpAddress}`
    return refuse(packet, 'T03', message)
  }
}
