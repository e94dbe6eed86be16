import { execFile } from 'node:child_process'
import { createHash, randomUUID } from 'node:crypto'
import { stat } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import type { Account } from './account.js'

const run = promisify(execFile)

/** For what root's server must reach and DATA_DIR hides: clusters, and a copy of the programs. */
export const SYSTEM_FOLDER = '/var/lib/kivuko'

/**
 * Where a new cluster goes: inside DATA_DIR, or, where the server's user cannot get there (a clone under root's home),
 * in a folder of the system. What belongs to a temporary folder stays temporary.
 */
export async function chooseClusterFolder(dataDir: string, account: Account): Promise<string> {
  if (account === undefined || (await canReach(account, dataDir))) return 'postgres'
  if (dataDir.startsWith(`${tmpdir()}/`)) return join(tmpdir(), `kivuko-${randomUUID()}`)
  return join(SYSTEM_FOLDER, `cluster-${createHash('sha256').update(dataDir).digest('hex').slice(0, 16)}`)
}

/** The user a cluster belongs to; undefined when that is the user of this process. */
export async function ownerOf(folder: string): Promise<Account> {
  const { uid, gid } = await stat(folder)
  const own = process.getuid?.()
  if (uid === own) return undefined
  if (own === 0) return { uid, gid }
  throw new Error(
    `The embedded Postgres in ${folder} belongs to the user with the id ${uid}. ` +
      'Start Kivuko as that user or as root, or set another DATA_DIR.',
  )
}

async function canReach({ uid, gid }: NonNullable<Account>, folder: string): Promise<boolean> {
  try {
    await run('/bin/sh', ['-c', 'cd "$1"', 'sh', folder], { uid, gid, cwd: '/' })
    return true
  } catch {
    return false
  }
}
