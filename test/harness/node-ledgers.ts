import { TigerBeetleServer, tigerBeetleBinary, warnSkipped } from '../contracts/ledger/tigerbeetle-server.js'

/** Where a node under test keeps its ledger. */
export interface NodeLedger {
  readonly env: Readonly<Record<string, string>>
  /** Undefined where the node's own database is the ledger. */
  readonly server: TigerBeetleServer | undefined
  stop(): Promise<void>
}

export type LedgerName = 'Postgres' | 'TigerBeetle'

/** Postgres, and TigerBeetle where there is a server of it; else says loudly what is left out. */
export function ledgersHere(suite: string): LedgerName[] {
  if (tigerBeetleBinary() !== undefined) return ['Postgres', 'TigerBeetle']
  warnSkipped(suite)
  return ['Postgres']
}

export async function startLedger(name: LedgerName): Promise<NodeLedger> {
  if (name === 'Postgres') return { env: {}, server: undefined, stop: async () => undefined }
  const server = await TigerBeetleServer.start()
  const env = { LEDGER: 'tigerbeetle', TIGERBEETLE_REPLICA_ADDRESSES: server.address }
  return { env, server, stop: () => server.remove() }
}
