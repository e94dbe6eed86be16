import { type ConnectorDoorParts, openConnectorDoor } from '@kivuko/app-connector'
import type { Door } from '@kivuko/rooms'
import type { MemoryNode } from './memory-node.js'

const health: ConnectorDoorParts['health'] = {
  check: async () => ({
    healthy: true,
    database: 'up',
    ledger: 'up',
    changeFeed: 'up',
    changeFeedAgeMs: 0,
    queueLagMs: {},
  }),
}

/** The connector's door before a node on memory, at a free port unless one is given. */
export function openMemoryDoor(
  { logger, clock, connector, directory: peers }: MemoryNode,
  connectorPort = 0,
): Promise<Door> {
  const config = { bindHost: '127.0.0.1', connectorPort, maxPacketBodyBytes: 65_536 }
  return openConnectorDoor({ config, clock, logger, connector, peers, health })
}
