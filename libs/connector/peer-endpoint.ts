import type { Peer } from '@kivuko/peering'

/** One way to a peer: where to, and with which token. Its id names the connections kept there and what is known of them. */
export type PeerEndpoint = Pick<Peer, 'id' | 'outgoingEndpoint' | 'outgoingToken' | 'isConfined'>
