import { assert, type Clock, type Config, type Logger } from '@kivuko/platform'
import type { Ledger } from './ledger.js'
import { PostgresLedger } from './postgres/postgres-ledger.js'

/** The adapter that the configuration names. */
export function openLedger({ databaseUrl }: Config, clock: Clock, log: Logger): Ledger {
  assert(databaseUrl !== undefined, 'the database is started before the ledger is opened')
  return new PostgresLedger({ url: databaseUrl, clock, log })
}
