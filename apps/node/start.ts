import { type Config, createLogger, type Env, type Logger, loadConfig, Metrics } from '@kivuko/platform'
import { type Door, Health, openRooms } from '@kivuko/rooms'
import type { INestApplicationContext } from '@nestjs/common'
import { type DatabaseServer, openDatabaseServer } from './database-server.js'
import { closeDoors, openDoors } from './doors.js'
import { openMonitoring } from './monitoring.js'
import { Opened } from './opened.js'
import { refuseTakenPorts } from './taken-ports.js'

/** A node with its doors open. */
export interface RunningNode {
  readonly config: Config
  readonly log: Logger
  readonly doors: readonly Door[]
  readonly database: DatabaseServer
  /** Drains: no new work, in-flight answered, then the queue, the ledger, the database; an embedded Postgres last. */
  close(): Promise<void>
}

/** Starts a node as its environment says: the database, its tables, the rooms, then the doors. */
export async function start(env: Env): Promise<RunningNode> {
  const { config, secrets } = loadConfig(env)
  const log = createLogger(config)
  await refuseTakenPorts(config)
  const opened = new Opened()
  try {
    const database = await openDatabaseServer(config, log)
    opened.add(() => database.stop())
    const rooms = await openRooms(Object.freeze({ ...config, databaseUrl: database.url }), secrets)
    opened.add(() => rooms.close())
    const doors = await openDoors(rooms, config.roles)
    opened.add(() => closeDoors(doors))
    const monitoring = await monitoringOf(config, rooms)
    opened.add(() => closeDoors(monitoring))
    return { config, log, doors: [...doors, ...monitoring], database, close: () => opened.close() }
  } catch (error) {
    await opened.close()
    throw error
  }
}

async function monitoringOf(
  { bindHost, monitoringPort: port }: Config,
  rooms: INestApplicationContext,
): Promise<Door[]> {
  if (port === undefined) return []
  return [await openMonitoring({ bindHost, port, health: rooms.get(Health), metrics: rooms.get(Metrics) })]
}
