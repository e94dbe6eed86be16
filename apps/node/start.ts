import { type Config, createLogger, type Env, type Logger, loadConfig } from '@kivuko/platform'
import { type Door, openRooms } from '@kivuko/rooms'
import { type DatabaseServer, openDatabaseServer } from './database-server.js'
import { closeDoors, openDoors } from './doors.js'

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
  warnOfDevelopment(config, log)
  const database = await openDatabaseServer(config, log)
  try {
    const rooms = await openRooms(Object.freeze({ ...config, databaseUrl: database.url }), secrets)
    try {
      const doors = await openDoors(rooms, config.roles)
      return { config, log, doors, database, close }

      async function close(): Promise<void> {
        await closeDoors(doors)
        await rooms.close()
        await database.stop()
      }
    } catch (error) {
      await rooms.close()
      throw error
    }
  } catch (error) {
    await database.stop()
    throw error
  }
}

function warnOfDevelopment({ openPaymentsDevToken }: Config, log: Logger): void {
  if (openPaymentsDevToken === undefined) return
  log.warn('DEVELOPMENT: whoever knows OPEN_PAYMENTS_DEV_TOKEN may act for every wallet address; http is allowed')
}
