import type { OutgoingJwts, OutgoingOptions, Peer } from '@kivuko/peering'
import type { LinkHealth } from '../circuit-breaker.js'
import type { Delivery, PeerTransport } from '../deliver.js'
import type { HttpTransport } from '../http-transport.js'
import type { PeerEndpoint } from '../peer-endpoint.js'
import type { AsyncTransport } from './async-transport.js'
import type { EndpointsInTurn } from './endpoints-in-turn.js'

export interface TransportParts {
  readonly plain: HttpTransport
  readonly asynchronous: AsyncTransport
  readonly jwts: OutgoingJwts
  readonly inTurn: EndpointsInTurn
}

export type LinkedPeer = Pick<Peer, 'id' | 'outgoingEndpoint' | 'outgoingOptions'>

export interface EndpointHealth extends LinkHealth {
  readonly endpoint: string
}

/** The way each peer is reached. What a peer was given beyond the plain way was read when the peer was loaded. */
export class PeerTransports implements PeerTransport {
  constructor(private readonly parts: TransportParts) {}

  send(peer: Peer, bytes: Buffer, timeoutMs: number): Promise<Delivery> {
    const options = peer.outgoingOptions
    return options === undefined
      ? this.parts.plain.send(peer, bytes, timeoutMs)
      : this.sendWith(peer, options, bytes, timeoutMs)
  }

  /** Of several endpoints, as long as one can be sent to there is no obstacle. */
  obstacleTo(peer: Peer): string | undefined {
    // Asked for every packet: most peers have one endpoint, known by their id.
    if (peer.outgoingOptions === undefined) return this.parts.plain.obstacleTo(peer)
    let first: string | undefined
    for (const { id, endpoint: outgoingEndpoint } of endpointsOf(peer)) {
      const obstacle = this.parts.plain.obstacleTo({ id, outgoingEndpoint })
      if (obstacle === undefined) return undefined
      first ??= obstacle
    }
    return first
  }

  /** By the operator's word, or the latest response of every endpoint that was sent to. */
  chargesRepeatsOnce(peer: Peer): boolean {
    const { chargesRepeatsOnce = null, outgoingOptions } = peer
    if (chargesRepeatsOnce !== null) return chargesRepeatsOnce
    if (outgoingOptions?.endpointsAreOneNode) return true
    const said = endpointsOf(peer).flatMap(({ id }) => this.parts.plain.chargesRepeatsOnce(id) ?? [])
    return said.length > 0 && said.every((charged) => charged)
  }

  /** Each address that packets have been sent to, and how it has been doing. */
  linksOf(peer: LinkedPeer): EndpointHealth[] {
    return endpointsOf(peer).flatMap(({ id, endpoint }) => {
      const health = this.parts.plain.healthOf(id)
      return health === undefined ? [] : [{ endpoint, ...health }]
    })
  }

  async close(): Promise<void> {
    await this.parts.plain.close()
  }

  private async sendWith(peer: Peer, options: OutgoingOptions, bytes: Buffer, timeoutMs: number): Promise<Delivery> {
    const { plain, asynchronous, inTurn, jwts } = this.parts
    const { mode, jwtSubject, endpointsAreOneNode } = options
    const outgoingToken = jwtSubject === null ? peer.outgoingToken : await jwts.tokenFor(peer, jwtSubject)
    const endpoints = endpointsOf(peer).map(({ id, endpoint: outgoingEndpoint }) => ({
      id,
      outgoingEndpoint,
      outgoingToken,
      isConfined: peer.isConfined,
    }))
    const sendTo = (endpoint: PeerEndpoint, leftMs: number) =>
      mode === 'asynchronous'
        ? asynchronous.send(peer.id, endpoint, bytes, leftMs)
        : plain.send(endpoint, bytes, leftMs)
    return inTurn.send({ endpoints, areOneNode: endpointsAreOneNode, bytes, timeoutMs, sendTo })
  }
}

/** Of several, each is known by its address, not by its place among them: what is known of its health stays with it. */
function endpointsOf({ id, outgoingEndpoint, outgoingOptions }: LinkedPeer): { id: string; endpoint: string }[] {
  if (outgoingOptions === undefined) return [{ id, endpoint: outgoingEndpoint }]
  const endpoints = [outgoingEndpoint, ...outgoingOptions.furtherEndpoints]
  return endpoints.map((endpoint) => ({ id: `${id} ${endpoint}`, endpoint }))
}
