import { ConnectorService } from '@kivuko/connector'
import { CreditsCatchUp } from '@kivuko/incoming-payments'
import { PeersService } from '@kivuko/peering'
import { Clock, CONFIG, type Config, LOGGER, type Logger } from '@kivuko/platform'
import { type Door, Health } from '@kivuko/rooms'
import type { INestApplicationContext } from '@nestjs/common'
import { openConnectorDoor } from './open-door.js'

/** Opens the peers' door: ILP over HTTP. Nest has wired the rooms; no request passes through it. */
export function start(rooms: INestApplicationContext): Promise<Door> {
  rooms.get(CreditsCatchUp).start()
  return openConnectorDoor({
    config: rooms.get<Config>(CONFIG),
    logger: rooms.get<Logger>(LOGGER),
    clock: rooms.get(Clock),
    connector: rooms.get(ConnectorService),
    peers: rooms.get(PeersService),
    health: rooms.get(Health),
  })
}
