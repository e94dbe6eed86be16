import { TigerBeetleLedger } from '@kivuko/accounting'
import { createLogger, loadConfig, SystemClock } from '@kivuko/platform'
import { benchPort } from './port-bench.js'
import { startTigerBeetle } from './tigerbeetle-server.js'

const log = createLogger(loadConfig({ LOG_LEVEL: 'warn' }).config)

/** Undefined where no binary of the server is at hand. */
export async function benchTigerBeetle(): Promise<Record<string, unknown> | undefined> {
  const server = await startTigerBeetle()
  if (server === undefined) return undefined
  try {
    const clock = new SystemClock()
    const options = { replicas: [server.address], clusterId: 0n, timeoutMs: 30_000, clock, log }
    const ledger = await TigerBeetleLedger.open(options)
    try {
      return await benchPort(ledger)
    } finally {
      await ledger.close()
    }
  } finally {
    await server.stop()
  }
}
