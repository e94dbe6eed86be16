import { readdir, readFile } from 'node:fs/promises'
import { basename, join } from 'node:path'
import process from 'node:process'
import { setTimeout as pause } from 'node:timers/promises'

const POLL_MS = 50
const MAX_POLLS = 100

/** A node that was killed leaves its embedded Postgres behind; it is told to end before its folder goes. */
export async function stopLeftoverDatabases(folder: string): Promise<void> {
  const files = await readdir(folder, { recursive: true })
  const notes = files.filter((file) => basename(file) === 'postmaster.pid')
  await Promise.all(notes.map((note) => stopNoted(join(folder, note))))
}

async function stopNoted(note: string): Promise<void> {
  const [firstLine = ''] = (await readFile(note, 'utf8').catch(() => '')).split('\n')
  const pid = Number.parseInt(firstLine, 10)
  if (!signal(pid, 'SIGINT')) return
  for (let polls = 0; polls < MAX_POLLS; polls += 1) {
    await pause(POLL_MS)
    if (!signal(pid, 0)) return
  }
  signal(pid, 'SIGQUIT')
}

/** False when there is no such process any more. */
function signal(pid: number, name: NodeJS.Signals | 0): boolean {
  try {
    return Number.isInteger(pid) && process.kill(pid, name)
  } catch {
    return false
  }
}
