import { readFile } from 'node:fs/promises'

// The kernel counts in hundredths of a second on every platform that Node runs on.
const TICK_MS = 10
const [UTIME, CHILDREN_STIME] = [11, 14]

/** What a Postgres server and its processes have used so far; undefined where there is no /proc. */
export async function databaseCpuMs(clusterFolder: string): Promise<number | undefined> {
  try {
    const [first = ''] = (await readFile(`${clusterFolder}/postmaster.pid`, 'utf8')).split('\n')
    const children = (await readFile(`/proc/${first}/task/${first}/children`, 'utf8')).trim().split(' ')
    const used = await Promise.all([first, ...children].map(ticksOf))
    return used.reduce((sum, ticks) => sum + ticks, 0) * TICK_MS
  } catch {
    return undefined
  }
}

/** Its own time and that of its processes which have ended. */
async function ticksOf(pid: string): Promise<number> {
  const stat = await readFile(`/proc/${pid}/stat`, 'utf8')
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ')
  return fields.slice(UTIME, CHILDREN_STIME + 1).reduce((sum, field) => sum + Number.parseInt(field, 10), 0)
}
