import { execFile } from 'node:child_process'
import { existsSync } from 'node:fs'
import { mkdtemp, rm } from 'node:fs/promises'
import { connect } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { readEnvironment } from '@kivuko/platform'
import { freePorts } from '../../harness/listen.js'
import { ServerProcess } from '../../harness/server-process.js'
import { waitFor } from '../../harness/wait-for.js'

const run = promisify(execFile)

/** The server's program, where TIGERBEETLE_BIN names one. */
export function tigerBeetleBinary(): string | undefined {
  const binary = readEnvironment().TIGERBEETLE_BIN
  return binary !== undefined && existsSync(binary) ? binary : undefined
}

/** One loud line: a suite that is left out must not look like one that passed. */
export function warnSkipped(suite: string): void {
  console.warn(
    `!!! SKIPPED: ${suite} on TigerBeetle, because TIGERBEETLE_BIN names no server binary (0.17.4 or newer).`,
  )
}

/** A cluster of one replica on a free port, in a temporary folder; it can be killed, frozen and started again. */
export class TigerBeetleServer extends ServerProcess {
  private constructor(
    binary: string,
    private readonly folder: string,
    readonly port: number,
  ) {
    super(binary, ['start', `--addresses=127.0.0.1:${port}`, '--development', fileIn(folder)])
  }

  static async start(): Promise<TigerBeetleServer> {
    const binary = tigerBeetleBinary()
    if (binary === undefined) throw new Error('TIGERBEETLE_BIN names no server binary')
    const folder = await mkdtemp(join(tmpdir(), 'kivuko-tigerbeetle-'))
    const [port = 0] = await freePorts(1)
    const server = new TigerBeetleServer(binary, folder, port)
    const format = ['format', '--cluster=0', '--replica=0', '--replica-count=1', '--development', fileIn(folder)]
    await run(binary, format)
    await server.restart()
    return server
  }

  get address(): string {
    return `localhost:${this.port}`
  }

  async restart(): Promise<void> {
    this.launch()
    await waitFor('TigerBeetle listens', () => isListening(this.port), { deadlineMs: 60_000 })
  }

  async remove(): Promise<void> {
    await this.kill()
    await rm(this.folder, { recursive: true, force: true })
  }
}

function fileIn(folder: string): string {
  return join(folder, '0_0.tigerbeetle')
}

function isListening(port: number): Promise<boolean> {
  return new Promise((answer) => {
    const socket = connect(port, '127.0.0.1')
    socket.once('connect', () => {
      socket.destroy()
      answer(true)
    })
    socket.once('error', () => answer(false))
  })
}
