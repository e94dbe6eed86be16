import { IncomingTokenRow } from './incoming-token.entity.js'
import { PeerRow } from './peer.entity.js'

export { type IncomingJwt, IncomingJwts } from './incoming-jwts.js'
export { LiquidityWatch } from './liquidity-watch.js'
export { OutgoingJwts } from './outgoing-jwts.js'
export {
  type BalanceLimits,
  type NewPeer,
  type OutgoingOptions,
  type Peer,
  type PeerChange,
  type PeerHttp,
  type PeerLimits,
  prefixesOf,
} from './peer.js'
export { PeerRegistry } from './peer-registry.js'
export { PeerRows } from './peer-rows.js'
export { peeringMigrations } from './peering.migrations.js'
export { PeeringModule } from './peering.module.js'
export { type PeerOf, PeersService } from './peers.service.js'

export const peeringEntities = [PeerRow, IncomingTokenRow]
