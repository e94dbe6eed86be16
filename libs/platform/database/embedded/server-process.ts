import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { open, readFile } from 'node:fs/promises'
import { setTimeout as sleep } from 'node:timers/promises'
import type { Account } from './account.js'
import type { Binaries } from './binaries.js'
import { endWithUs } from './end-with-us.js'
import { readPostmasterFile } from './leftover-server.js'
import { SERVER_ENV, serverOptions } from './server-settings.js'

const POLL_MS = 20
// Recovery after a power cut replays at most max_wal_size; minutes would mean a dead disk.
const START_POLLS = 6_000
const FAST_SHUTDOWN_MS = 30_000
const SHOWN_LOG_LINES = 8

export interface Launch {
  readonly binaries: Binaries
  readonly account: Account
  readonly folder: string
  readonly port: number
  readonly logFile: string
}

/** A running server, in a process group of its own: Ctrl-C reaches the node alone, which stops it last. */
export class ServerProcess {
  /** Resolves when the server has ended, with the last lines of its log. */
  readonly ended: Promise<string>

  private constructor(
    private readonly child: ChildProcess,
    private readonly logFile: string,
    account: Account,
  ) {
    this.ended = once(child, 'exit').then(
      () => this.lastLines(),
      (error: unknown) => String(error),
    )
    if (child.pid === undefined) return
    const guard = endWithUs(child.pid, account)
    void this.ended.then(() => guard.kill('SIGKILL'))
  }

  static async start({ binaries, account, folder, port, logFile }: Launch): Promise<ServerProcess> {
    const log = await open(logFile, 'w', 0o600)
    try {
      const child = spawn(binaries.postgres, serverOptions(folder, port), {
        ...account,
        cwd: '/',
        env: SERVER_ENV,
        detached: true,
        stdio: ['ignore', log.fd, log.fd],
      })
      const server = new ServerProcess(child, logFile, account)
      await server.untilReady(folder)
      return server
    } finally {
      await log.close()
    }
  }

  async stop(): Promise<void> {
    this.child.kill('SIGINT')
    const impatience = setTimeout(() => this.child.kill('SIGQUIT'), FAST_SHUTDOWN_MS)
    await this.ended
    clearTimeout(impatience)
  }

  private async untilReady(folder: string): Promise<void> {
    for (let polls = 0; polls < START_POLLS; polls += 1) {
      const outcome = await Promise.race([this.ended, sleep(POLL_MS)])
      if (outcome !== undefined) throw new Error(outcome)
      const noted = await readPostmasterFile(folder)
      if (noted?.ready && noted.pid === this.child.pid) return
    }
    await this.stop()
    throw new Error(`it did not become ready within ${(START_POLLS * POLL_MS) / 1000} seconds`)
  }

  private async lastLines(): Promise<string> {
    const text = await readFile(this.logFile, 'utf8').catch(() => '')
    return text.trim().split('\n').slice(-SHOWN_LOG_LINES).join('\n') || 'the server left no word'
  }
}
