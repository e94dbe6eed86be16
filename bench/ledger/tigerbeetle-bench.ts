import { execFile, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { TigerBeetleLedger } from '@kivuko/accounting'
import { createLogger, loadConfig, SystemClock } from '@kivuko/platform'
import { benchPort } from './port-bench.js'

const run = promisify(execFile)
const log = createLogger(loadConfig({ LOG_LEVEL: 'warn' }).config)

/** A cluster of one replica with its defaults for production, on a port of its choice. */
export async function benchTigerBeetle(binary: string): Promise<Record<string, unknown>> {
  const folder = await mkdtemp(join(tmpdir(), 'kivuko-bench-'))
  const file = join(folder, '0_0.tigerbeetle')
  await run(binary, ['format', '--cluster=0', '--replica=0', '--replica-count=1', file])
  // With port 0 it prints the port and ends when its input is closed.
  const server = spawn(binary, ['start', '--addresses=0', file], { stdio: ['pipe', 'pipe', 'ignore'] })
  try {
    const [port] = await once(server.stdout, 'data')
    const replicas = [`127.0.0.1:${String(port).trim()}`]
    const ledger = await TigerBeetleLedger.open({
      replicas,
      clusterId: 0n,
      timeoutMs: 30_000,
      clock: new SystemClock(),
      log,
    })
    try {
      return await benchPort(ledger)
    } finally {
      await ledger.close()
    }
  } finally {
    const ended = once(server, 'exit')
    server.stdin.end()
    await ended
    await rm(folder, { recursive: true, force: true })
  }
}
