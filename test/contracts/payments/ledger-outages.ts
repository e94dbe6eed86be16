import type { Ledger, Outcome } from '@kivuko/accounting'
import { DomainError } from '@kivuko/platform'
import { vi } from 'vitest'
import { KillableDatabase } from '../../faults/killable-database.js'
import { waitFor } from '../../harness/wait-for.js'
import { TigerBeetleServer } from '../ledger/tigerbeetle-server.js'
import { Bank } from './payments-process.js'

/** A bank whose ledger can be taken away and given back. */
export interface Outage {
  readonly bank: Bank
  begin(): Promise<void>
  /** Resolves when the ledger answers again. */
  end(): Promise<void>
  close(): Promise<void>
}

// An outage fills the log with what is meant to happen; and what an attempt held that it cut off is soon taken over.
const QUIET = { LOG_LEVEL: 'silent', WORKER_LEASE_MS: '2000' }

/** The cluster's server is killed, and started again. */
export async function tigerBeetleOutage(label: string): Promise<Outage> {
  const server = await TigerBeetleServer.start()
  const bank = await Bank.open(label, {
    ...QUIET,
    LEDGER: 'tigerbeetle',
    TIGERBEETLE_CLUSTER_ID: '0',
    TIGERBEETLE_REPLICA_ADDRESSES: server.address,
  })
  return {
    bank,
    begin: () => server.kill(),
    async end() {
      await server.restart()
      await answers(bank)
    },
    async close() {
      await bank.close()
      await server.remove()
    },
  }
}

/** The database answers, and the ledger in it does not: as one in a database of its own. */
export async function postgresOutage(label: string): Promise<Outage> {
  const bank = await Bank.open(label, QUIET)
  return {
    bank,
    begin: async () => silence(bank.rooms.ledger),
    end: async () => void vi.restoreAllMocks(),
    async close() {
      vi.restoreAllMocks()
      await bank.close()
    },
  }
}

/** The database's server is killed, with the ledger in it. */
export async function killedPostgresOutage(label: string): Promise<Outage> {
  const server = await KillableDatabase.start()
  const bank = await Bank.on(await server.database(label), QUIET)
  return {
    bank,
    begin: () => server.kill(),
    async end() {
      await server.startAgain()
      await answers(bank)
    },
    async close() {
      await bank.close()
      await server.stop()
    },
  }
}

function silence(ledger: Ledger): void {
  const unknown: Outcome = { kind: 'unknown', message: 'no answer' }
  for (const verb of ['openAccounts', 'transfer', 'reserve', 'post', 'void', 'setMaximum'] as const) {
    vi.spyOn(ledger, verb).mockResolvedValue(unknown)
  }
  const unreadable = new DomainError('unavailable', 'LedgerUnavailable', 'no answer')
  for (const verb of ['balances', 'lookup', 'statement', 'accounts'] as const) {
    vi.spyOn(ledger, verb).mockRejectedValue(unreadable)
  }
}

function answers({ rooms }: Bank): Promise<boolean> {
  const isBack = () =>
    Promise.all([rooms.ledger.balances([1n]), rooms.dataSource.query('select 1')]).then(
      () => true,
      () => false,
    )
  return waitFor('the ledger answers', isBack, { deadlineMs: 60_000 })
}
