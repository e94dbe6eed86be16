import { readFile, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import type { Logger } from '../../logging/logger.js'
import { commandOf } from './process-identity.js'

const POLL_MS = 50
// Fast shutdown writes all pages first; after this time the server is told to leave at once and to recover later.
const FAST_SHUTDOWN_POLLS = 600

/** Stops a server that outlived its node (kill -9), and clears the note of one that did not (power cut). */
export async function stopLeftover(folder: string, log: Logger): Promise<void> {
  const pid = await notedPid(folder)
  if (pid === undefined) return
  if (!(await isServerOf(folder, pid))) {
    await rm(join(folder, 'postmaster.pid'), { force: true })
    return
  }
  log.warn(`A Postgres (process ${pid}) outlived the node that started it; stopping it`)
  process.kill(pid, 'SIGINT')
  for (let polls = 0; await isServerOf(folder, pid); polls += 1) {
    if (polls === FAST_SHUTDOWN_POLLS) process.kill(pid, 'SIGQUIT')
    if (polls === 2 * FAST_SHUTDOWN_POLLS) throw new Error(`A former Postgres (process ${pid}) does not stop. Kill it.`)
    await sleep(POLL_MS)
  }
}

/** The fields of postmaster.pid that matter: the server's process, and whether it takes connections. */
export async function readPostmasterFile(folder: string): Promise<{ pid: number; ready: boolean } | undefined> {
  const text = await readFile(join(folder, 'postmaster.pid'), 'utf8').catch(() => '')
  const lines = text.split('\n')
  const pid = Number.parseInt(lines[0] ?? '', 10)
  return Number.isNaN(pid) ? undefined : { pid, ready: lines[7]?.trim() === 'ready' }
}

async function notedPid(folder: string): Promise<number | undefined> {
  return (await readPostmasterFile(folder))?.pid
}

async function isServerOf(folder: string, pid: number): Promise<boolean> {
  const command = await commandOf(pid)
  return command?.includes(`postgres -D ${folder} `) ?? false
}
