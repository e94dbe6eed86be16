import { start as startAdmin } from '@kivuko/app-admin'
import { start as startConnector } from '@kivuko/app-connector'
import { start as startOpenPayments } from '@kivuko/app-open-payments'
import { start as startWorker } from '@kivuko/app-worker'
import { messageOf, type Role } from '@kivuko/platform'
import type { Door } from '@kivuko/rooms'
import type { INestApplicationContext } from '@nestjs/common'

const starts: Readonly<Record<Role, (rooms: INestApplicationContext) => Promise<Door>>> = {
  connector: startConnector,
  'open-payments': startOpenPayments,
  admin: startAdmin,
  worker: startWorker,
}

/** Opens the doors one after the other, in the order of the roles; where one fails, those before it are closed. */
export async function openDoors(rooms: INestApplicationContext, roles: readonly Role[]): Promise<Door[]> {
  const doors: Door[] = []
  for (const role of roles) {
    try {
      doors.push(await starts[role](rooms))
    } catch (error) {
      await closeDoors(doors)
      throw new Error(`The door ${role} did not open: ${messageOf(error)}`, { cause: error })
    }
  }
  return doors
}

/** All at once: no door takes new work while another one still answers. */
export async function closeDoors(doors: readonly Door[]): Promise<void> {
  const closed = await Promise.allSettled(doors.map((door) => door.close()))
  for (const result of closed) if (result.status === 'rejected') throw result.reason
}
