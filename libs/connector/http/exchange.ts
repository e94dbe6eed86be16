import { OutgoingJwts } from '@kivuko/peering'
import type { Clock, Logger } from '@kivuko/platform'
import { HttpTransport } from '../http-transport.js'
import { AsyncTransport } from './async-transport.js'
import { AwaitedReplies } from './awaited-replies.js'
import { EndpointsInTurn } from './endpoints-in-turn.js'
import { OwedReplies } from './owed-replies.js'
import { PeerTransports } from './peer-transports.js'

/** The path of our callback, below the address at which peers reach this process. */
export const CALLBACK_PATH = '/ilp-replies'

/** ILP over HTTP as a whole: packets out and replies in, packets in and replies out. */
export interface Exchange {
  readonly transport: PeerTransports
  readonly awaited: AwaitedReplies
  readonly owed: OwedReplies
}

export function openExchange(connectorUrl: string | undefined, clock: Clock, logger: Logger): Exchange {
  const plain = new HttpTransport(clock)
  const jwts = new OutgoingJwts(clock)
  const awaited = new AwaitedReplies()
  const callbackUrl = connectorUrl && `${connectorUrl.replace(/\/+$/, '')}${CALLBACK_PATH}`
  const asynchronous = new AsyncTransport(plain, awaited, clock, callbackUrl)
  const transport = new PeerTransports({ plain, asynchronous, jwts, inTurn: new EndpointsInTurn(clock) })
  return { transport, awaited, owed: new OwedReplies(plain, jwts, clock, logger) }
}
