import { readFile, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { z } from 'zod'
import { identify, isRunning } from './process-identity.js'

const holder = z.object({ pid: z.number(), startedAt: z.string() })

// Two nodes that both find a dead node's lock have both written theirs after this time; the later one stands.
const SETTLE_MS = 100

/** Keeps two nodes from sharing one folder. A lock whose process is gone (kill -9, power cut) is taken over. */
export class FolderLock {
  private constructor(private readonly path: string) {}

  static async take(folder: string): Promise<FolderLock> {
    const path = join(folder, 'node.lock')
    const self = await identify(process.pid)
    if (self === undefined) throw new Error('This process cannot be found in the list of processes.')
    const mine = JSON.stringify(self)
    if (await create(path, mine)) return new FolderLock(path)

    const other = await readHolder(path)
    if (other && (await isRunning(other))) throw held(folder, other.pid)
    await rm(path, { force: true })
    if (await create(path, mine)) await sleep(SETTLE_MS)
    if ((await readFile(path, 'utf8').catch(() => '')) === mine) return new FolderLock(path)
    throw held(folder, (await readHolder(path))?.pid)
  }

  /** Whether a running node holds the folder. */
  static async isHeld(folder: string): Promise<boolean> {
    const other = await readHolder(join(folder, 'node.lock'))
    return other !== undefined && (await isRunning(other))
  }

  async release(): Promise<void> {
    await rm(this.path, { force: true })
  }
}

async function create(path: string, text: string): Promise<boolean> {
  try {
    await writeFile(path, text, { flag: 'wx' })
    return true
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'EEXIST') return false
    throw error
  }
}

async function readHolder(path: string) {
  try {
    return holder.parse(JSON.parse(await readFile(path, 'utf8')))
  } catch {
    return undefined
  }
}

function held(folder: string, pid: number | undefined): Error {
  const who = pid === undefined ? 'Another node' : `Another node (process ${pid})`
  return new Error(`${who} is running on the folder ${folder}. Stop it, or give this node a DATA_DIR of its own.`)
}
