import { MemoryLedger } from '@kivuko/accounting'
import { SystemClock } from '@kivuko/platform'
import { benchPort } from './port-bench.js'
import { benchPostgres } from './postgres-bench.js'

/** `npm run bench:ledger`: a table for people, and the same as JSON in the last line. */
async function main(): Promise<void> {
  const adapters: Record<string, Record<string, unknown>> = { postgres: await benchPostgres() }
  adapters.memory = await benchPort(new MemoryLedger(new SystemClock()))
  const rows = Object.entries(adapters).flatMap(([adapter, readings]) =>
    Object.entries(readings).map(([reading, values]) => ({ adapter, reading, ...Object(values) })),
  )
  console.table(rows)
  console.log(JSON.stringify({ adapters }))
}

await main()
