import { execFile, spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync } from 'node:fs'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { readEnvironment } from '@kivuko/platform'

const run = promisify(execFile)

export interface BenchServer {
  readonly address: string
  stop(): Promise<void>
}

/** A cluster of one replica with its defaults for production, on a port of its choice; undefined without a binary. */
export async function startTigerBeetle(): Promise<BenchServer | undefined> {
  const binary = readEnvironment().TIGERBEETLE_BIN
  if (binary === undefined || !existsSync(binary)) {
    console.warn('!!! SKIPPED: TigerBeetle, because TIGERBEETLE_BIN names no server binary.')
    return undefined
  }
  const folder = await mkdtemp(join(tmpdir(), 'kivuko-bench-'))
  const file = join(folder, '0_0.tigerbeetle')
  await run(binary, ['format', '--cluster=0', '--replica=0', '--replica-count=1', file])
  // With port 0 it prints the port and ends when its input is closed.
  const server = spawn(binary, ['start', '--addresses=0', file], { stdio: ['pipe', 'pipe', 'ignore'] })
  const [port] = await once(server.stdout, 'data')
  const stop = async () => {
    const ended = once(server, 'exit')
    server.stdin.end()
    await ended
    await rm(folder, { recursive: true, force: true })
  }
  return { address: `127.0.0.1:${String(port).trim()}`, stop }
}
