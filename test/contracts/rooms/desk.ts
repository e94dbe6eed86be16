import type { Asset } from '@kivuko/assets'
import type { FreshDatabase } from '../../harness/postgres.js'
import { OPERATOR, OTHER_TENANT, type RoomsProcess, startFreshRooms, startRooms } from './rooms-process.js'

/** Two processes on one database, with assets of the operator and one of another tenant. */
export interface Desk {
  readonly database: FreshDatabase
  readonly rooms: RoomsProcess
  readonly secondProcess: RoomsProcess
  readonly usd: Asset
  readonly eur: Asset
  readonly foreign: Asset
  close(): Promise<void>
}

export async function openDesk(label: string): Promise<Desk> {
  const { database, rooms } = await startFreshRooms(label)
  const secondProcess = await startRooms(database)
  const [usd, eur, foreign] = await Promise.all([
    rooms.assets.create({ tenantId: OPERATOR, code: 'USD', scale: 2 }),
    rooms.assets.create({ tenantId: OPERATOR, code: 'EUR', scale: 2 }),
    rooms.assets.create({ tenantId: OTHER_TENANT, code: 'USD', scale: 2 }),
  ])
  const close = async () => {
    await Promise.all([rooms.close(), secondProcess.close()])
    await database.drop()
  }
  return { database, rooms, secondProcess, usd, eur, foreign, close }
}
