import { execFile } from 'node:child_process'
import { readFile } from 'node:fs/promises'
import { promisify } from 'node:util'

const run = promisify(execFile)

/** A running process: the same number may be given to another one later, the time of its start tells them apart. */
export interface ProcessIdentity {
  readonly pid: number
  readonly startedAt: string
}

/** Who runs under a number now; undefined when nobody does. */
export async function identify(pid: number): Promise<ProcessIdentity | undefined> {
  const startedAt = process.platform === 'linux' ? await startOnLinux(pid) : await ask(pid, 'lstart')
  return startedAt === undefined ? undefined : { pid, startedAt }
}

export async function isRunning({ pid, startedAt }: ProcessIdentity): Promise<boolean> {
  return (await identify(pid))?.startedAt === startedAt
}

/** The command line of a process; undefined when it does not run. */
export async function commandOf(pid: number): Promise<string | undefined> {
  if (process.platform !== 'linux') return ask(pid, 'args')
  const text = await readFile(`/proc/${pid}/cmdline`, 'utf8').catch(() => '')
  return text.replaceAll('\0', ' ').trim() || undefined
}

// proc(5): the 22nd field is the start in clock ticks since boot. The 2nd, the name, may hold spaces and brackets.
async function startOnLinux(pid: number): Promise<string | undefined> {
  const text = await readFile(`/proc/${pid}/stat`, 'utf8').catch(() => undefined)
  const [state, ...fields] = text?.slice(text.lastIndexOf(')') + 2).split(' ') ?? []
  return state === undefined || state === 'Z' ? undefined : fields[18]
}

async function ask(pid: number, field: 'lstart' | 'args'): Promise<string | undefined> {
  try {
    const { stdout } = await run('ps', ['-o', `${field}=`, '-p', String(pid)])
    return stdout.trim() || undefined
  } catch {
    return undefined
  }
}
