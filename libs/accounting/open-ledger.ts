import { assert, type Clock, type Config, type Logger } from '@kivuko/platform'
import type { Ledger } from './ledger.js'
import { AnswerTable } from './postgres/answer-table.js'
import { PostgresLedger } from './postgres/postgres-ledger.js'
import { TigerBeetleLedger } from './tigerbeetle/tigerbeetle-ledger.js'

// Under the longest hold of a packet, so that a packet's answer does not wait for a ledger that is gone.
const TIMEOUT_MS = 10_000

/** The adapter that the configuration names; throws when a TigerBeetle cluster does not answer. */
export async function openLedger(config: Config, clock: Clock, log: Logger): Promise<Ledger> {
  switch (config.ledger) {
    case 'postgres': {
      assert(config.databaseUrl !== undefined, 'the database is started before the ledger is opened')
      return new PostgresLedger({ url: config.databaseUrl, clock, log, timeoutMs: TIMEOUT_MS })
    }
    case 'tigerbeetle': {
      const { databaseUrl: url } = config
      const answers = url === undefined ? undefined : new AnswerTable({ url, clock, log, timeoutMs: TIMEOUT_MS })
      const { tigerbeetleReplicaAddresses: replicas, tigerbeetleClusterId: clusterId } = config
      return TigerBeetleLedger.open({ replicas, clusterId, timeoutMs: TIMEOUT_MS, clock, log, answers })
    }
  }
}
