import { type ChildProcess, spawn } from 'node:child_process'
import { closeSync, openSync, readFileSync } from 'node:fs'

export interface ChildOptions {
  /** What people call it: 'Alpha node'. */
  readonly name: string
  readonly script: string
  readonly args?: readonly string[]
  readonly folder: string
  readonly logFile: string
  readonly env: Readonly<Record<string, string>>
}

// A node that drains answers what is in flight first; one that hangs is not waited for longer.
const STOP_MS = 15_000
const END_WITH_PARENT = new URL('./end-with-parent.js', import.meta.url).href

const living = new Set<Child>()

/** A process of the playground: its output goes to a file, its end is known, and it never outlives us. */
export class Child {
  readonly name: string
  readonly logFile: string
  private readonly process: ChildProcess
  private readonly exit: Promise<void>
  private endedBy: string | undefined

  constructor(options: ChildOptions) {
    this.name = options.name
    this.logFile = options.logFile
    const log = openSync(options.logFile, 'a', 0o600)
    // Its own process group: Ctrl-C in the terminal is ours to pass on, once. Its stdin ends when we do.
    this.process = spawn(process.execPath, ['--import', END_WITH_PARENT, options.script, ...(options.args ?? [])], {
      cwd: options.folder,
      env: options.env,
      stdio: ['pipe', log, log],
      detached: true,
    })
    closeSync(log)
    this.exit = new Promise((resolve) => {
      const ended = (why: string) => {
        this.endedBy ??= why
        resolve()
      }
      this.process.once('error', (error) => ended(error.message))
      this.process.once('exit', (code, signal) => ended(signal === null ? `exit code ${code}` : signal))
    })
    living.add(this)
  }

  /** How it ended; undefined while it runs. */
  get ended(): string | undefined {
    return this.endedBy
  }

  /** The last lines of its output. */
  tail(lines: number): string[] {
    return readFileSync(this.logFile, 'utf8').trimEnd().split('\n').slice(-lines)
  }

  /** Asks it to end; after its time to drain the whole group is killed. */
  async stop(): Promise<void> {
    if (this.endedBy === undefined) {
      this.process.kill('SIGTERM')
      const timer = setTimeout(() => this.killGroup(), STOP_MS)
      await this.exit
      clearTimeout(timer)
    }
    // Nothing it started may stay behind, even if it ended badly.
    this.killGroup()
    living.delete(this)
  }

  killGroup(): void {
    const { pid } = this.process
    if (pid === undefined) return
    try {
      process.kill(-pid, 'SIGKILL')
    } catch (error) {
      // ESRCH: the group is empty, which is what was wanted.
      if (!(error instanceof Error && 'code' in error && error.code === 'ESRCH')) throw error
    }
  }
}

/** Stops every process that was started and not stopped yet. */
export async function stopChildren(): Promise<void> {
  await Promise.all([...living].map((child) => child.stop()))
}

/** The last resort, when there is no time to ask. */
export function killChildren(): void {
  for (const child of living) child.killGroup()
}
