import { start as startAdmin } from '@kivuko/app-admin'
import { start as startConnector } from '@kivuko/app-connector'
import { start as startOpenPayments } from '@kivuko/app-open-payments'
import { start as startWorker } from '@kivuko/app-worker'
import { messageOf, type Role } from '@kivuko/platform'
import type { Door } from '@kivuko/rooms'
import type { INestApplicationContext } from '@nestjs/common'

interface DoorStart {
  start(rooms: INestApplicationContext): Promise<Door>
  /** The variable that moves the door to another port. */
  readonly portVariable?: string
}

const doorStarts: Readonly<Record<Role, DoorStart>> = {
  connector: { start: startConnector, portVariable: 'CONNECTOR_PORT' },
  'open-payments': { start: startOpenPayments, portVariable: 'OPEN_PAYMENTS_PORT' },
  admin: { start: startAdmin, portVariable: 'ADMIN_PORT' },
  worker: { start: startWorker },
}

/** Opens the doors one after the other, in the order of the roles; where one fails, those before it are closed. */
export async function openDoors(rooms: INestApplicationContext, roles: readonly Role[]): Promise<Door[]> {
  const doors: Door[] = []
  for (const role of roles) {
    try {
      doors.push(await doorStarts[role].start(rooms))
    } catch (error) {
      await closeDoors(doors)
      throw new Error(`The door ${role} did not open: ${messageOf(error)}.${advice(role, error)}`, { cause: error })
    }
  }
  return doors
}

/** All at once: no door takes new work while another one still answers. */
export async function closeDoors(doors: readonly Door[]): Promise<void> {
  const closed = await Promise.allSettled(doors.map((door) => door.close()))
  for (const result of closed) if (result.status === 'rejected') throw result.reason
}

function advice(role: Role, error: unknown): string {
  const { portVariable } = doorStarts[role]
  const code = error instanceof Error && 'code' in error ? error.code : undefined
  if (portVariable === undefined || (code !== 'EADDRINUSE' && code !== 'EACCES')) return ''
  return ` Set ${portVariable} to a port that is free.`
}
