import { describe } from 'vitest'
import { TigerBeetleServer, tigerBeetleBinary, warnSkipped } from './tigerbeetle-server.js'

/** A ledger that a node is started on: the settings that choose it. */
export interface LedgerChoice {
  readonly env: Readonly<Record<string, string>>
  close(): Promise<void>
}

// Several processes of a node on the run's one Postgres, beside other suites.
const FEW_CONNECTIONS = { DATABASE_POOL_SIZE: '4' }

/** Defines the suite once per ledger that a node may keep its books in; TigerBeetle where there is a server's program. */
export function describeOnEachLedger(suite: string, define: (open: () => Promise<LedgerChoice>) => void): void {
  describe(`${suite}, on Postgres`, () => define(async () => ({ env: FEW_CONNECTIONS, close: async () => undefined })))
  const isPresent = tigerBeetleBinary() !== undefined
  if (!isPresent) warnSkipped(suite)
  describe.skipIf(!isPresent)(`${suite}, on TigerBeetle`, () =>
    define(async () => {
      const server = await TigerBeetleServer.start()
      const cluster = { TIGERBEETLE_CLUSTER_ID: '0', TIGERBEETLE_REPLICA_ADDRESSES: server.address }
      return { env: { ...FEW_CONNECTIONS, LEDGER: 'tigerbeetle', ...cluster }, close: () => server.remove() }
    }),
  )
}
