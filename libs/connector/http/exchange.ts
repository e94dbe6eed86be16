import { OutgoingJwts } from '@kivuko/peering'
import type { Clock, Logger } from '@kivuko/platform'
import { HttpTransport } from '../http-transport.js'
import { AsyncTransport } from './async-transport.js'
import { AwaitedReplies } from './awaited-replies.js'
import { EndpointsInTurn } from './endpoints-in-turn.js'
import { OwedReplies } from './owed-replies.js'
import { PeerTransports } from './peer-transports.js'
import { ReplyRelay, type ReplyWire } from './reply-relay.js'

/** The path of our callback, below the address at which peers reach this node's connectors. */
export const CALLBACK_PATH = '/ilp-replies'

/** ILP over HTTP as a whole: packets out and replies in, packets in and replies out. */
export interface Exchange {
  readonly transport: PeerTransports
  readonly awaited: AwaitedReplies
  readonly relay: ReplyRelay
  readonly owed: OwedReplies
}

export interface ExchangeParts {
  /** Where peers reach the connectors of this node; undefined: no asynchronous packets leave. */
  readonly connectorUrl: string | undefined
  /** To the other processes of this node; undefined: there are none. */
  readonly wire: ReplyWire | undefined
  readonly clock: Clock
  readonly logger: Logger
}

export function openExchange({ connectorUrl, wire, clock, logger }: ExchangeParts): Exchange {
  const plain = new HttpTransport(clock)
  const jwts = new OutgoingJwts(clock)
  const awaited = new AwaitedReplies()
  const relay = new ReplyRelay(awaited, wire)
  const callbackUrl = connectorUrl && `${connectorUrl.replace(/\/+$/, '')}${CALLBACK_PATH}?process=${relay.process}`
  const asynchronous = new AsyncTransport(plain, awaited, clock, callbackUrl)
  const transport = new PeerTransports({ plain, asynchronous, jwts, inTurn: new EndpointsInTurn(clock) })
  return { transport, awaited, relay, owed: new OwedReplies(plain, jwts, clock, logger) }
}
