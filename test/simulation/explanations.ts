import type { Listed } from './audit.js'
import type { Books } from './books.js'
import type { Neighbours, Network } from './network.js'
import { Sender } from './sender.js'

/** A difference of which at least one of two neighbours knows. */
export interface Explanation {
  readonly kind: string
  /** By how much more the one downstream claims than the one upstream admits. */
  readonly amount: bigint
  readonly isCertain: boolean
}

/** All that is listed of a packet and concerns these two. */
export function explanationsFor(
  packet: number,
  neighbours: Neighbours,
  books: Books,
  listed: readonly Listed[],
  network: Network,
): Explanation[] {
  const own = listed.filter((difference) => difference.packet === packet)
  return [
    ...listedUpstream(own, neighbours),
    ...listedDownstream(own, neighbours),
    ...maybePaid(own, neighbours, books.admitted.get(packet)),
    ...doubtOf(packet, neighbours, network),
  ]
}

function listedUpstream(listed: readonly Listed[], neighbours: Neighbours): Explanation[] {
  if (!('downstreamPeer' in neighbours)) return []
  const { upstream, downstreamPeer } = neighbours
  return listed
    .filter(({ node, peerId }) => node === upstream.name && peerId === downstreamPeer.id)
    .filter(({ meaning }) => meaning.with === 'next hop')
    .map(explanationOf)
}

function listedDownstream(listed: readonly Listed[], neighbours: Neighbours): Explanation[] {
  if (!('upstreamPeer' in neighbours)) return []
  const { downstream, upstreamPeer } = neighbours
  return listed
    .filter(({ node, peerId }) => node === downstream.name && peerId === upstreamPeer.id)
    .filter(({ meaning }) => meaning.with === 'source')
    .map(explanationOf)
}

function explanationOf({ kind, amount, meaning: { countedBy, isCertain } }: Listed): Explanation {
  return { kind, amount: countedBy === 'downstream' ? amount : -amount, isCertain }
}

/** Listed under its next hop, while its source has the answer of a process that did not live to charge it. */
function maybePaid(listed: readonly Listed[], neighbours: Neighbours, admitted: bigint | undefined): Explanation[] {
  if (!('upstreamPeer' in neighbours) || admitted === undefined) return []
  const { downstream } = neighbours
  return listed
    .filter(
      ({ node, packet, meaning }) => node === downstream.name && meaning.mayBePaid && downstream.killedWith.has(packet),
    )
    .map(({ kind }) => ({ kind, amount: -admitted, isCertain: false }))
}

/** A sender that had no answer to a copy knows that it may owe the packet. */
function doubtOf(packet: number, { upstream }: Neighbours, { scenario, history }: Network): Explanation[] {
  const amount = scenario.packets[packet]?.amount
  if (!(upstream instanceof Sender) || amount === undefined) return []
  if (!upstream.isInDoubt(packet) || !history.hasFault(packet)) return []
  return [{ kind: 'without an answer', amount, isCertain: false }]
}
