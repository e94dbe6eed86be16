import { MemoryLedger } from '@kivuko/accounting'
import { SystemClock } from '@kivuko/platform'
import { benchPort } from './port-bench.js'
import { benchPostgres } from './postgres-bench.js'
import { benchTigerBeetle } from './tigerbeetle-bench.js'

/** `npm run bench:ledger`: a table for people, and the same as JSON in the last line. */
async function main(): Promise<void> {
  const adapters: Record<string, Record<string, unknown>> = { postgres: await benchPostgres() }
  const tigerbeetle = await benchTigerBeetle()
  if (tigerbeetle !== undefined) adapters.tigerbeetle = tigerbeetle
  adapters.memory = await benchPort(new MemoryLedger(new SystemClock()))
  const rows = Object.entries(adapters).flatMap(([adapter, readings]) =>
    Object.entries(readings).map(([reading, values]) => ({ adapter, reading, ...Object(values) })),
  )
  console.table(rows, ['adapter', 'reading', '1', '16', '64', '256'])
  console.log(JSON.stringify({ adapters }))
}

await main()
