import { ManualClock } from '@kivuko/platform'
import type { Account, Client } from 'tigerbeetle-node'
import { describe, expect, it } from 'vitest'
import { AccountCode, type NewAccount } from '../account.js'
import type { Leg } from '../transfer.js'
import { AccountDirectory } from './account-directory.js'
import { newAccount } from './accounts.js'
import { Reading } from './reading.js'
import { Writing } from './writing.js'

const account = (id: bigint): NewAccount => ({ id, ledger: 1, code: AccountCode.peer, limit: 'debits' })
const leg: Leg = { id: 1n, ledger: 1, debitAccountId: 2n, creditAccountId: 3n, amount: 10n, code: 1 }

/** A cluster in which these accounts are open, and which answers for no event that it is sent. */
function silentAbout(opened: readonly Account[]): Writing {
  const client: Client = {
    createAccounts: async () => [],
    createTransfers: async () => [],
    lookupAccounts: async (ids) => opened.filter(({ id }) => ids.includes(id)),
    lookupTransfers: async () => [],
    getAccountTransfers: async () => [],
    getAccountBalances: async () => [],
    queryAccounts: async () => [],
    queryTransfers: async () => [],
    destroy: () => undefined,
  }
  const session = { ask: <T>(question: (client: Client) => Promise<T>) => question(client) }
  const reading = new Reading(session, new ManualClock(0))
  return new Writing(session, new AccountDirectory(session), reading)
}

describe('what the cluster gives no answer for is not accepted', () => {
  it('of a transfer', async () => {
    const writing = silentAbout([account(2n), account(3n)].map(newAccount))
    await expect(writing.write([leg], undefined)).rejects.toThrow('the cluster answers for each of 1 events, found 0')
    await expect(writing.write([leg], 30)).rejects.toThrow('found 0')
  })

  it('of the end of a reservation', async () => {
    await expect(silentAbout([]).end([1n, 2n], 'post')).rejects.toThrow('each of 2 events, found 0')
  })

  it('of an account', async () => {
    await expect(silentAbout([]).open([account(2n)])).rejects.toThrow('each of 1 events, found 0')
    await expect(silentAbout([]).open([{ ...account(2n), limit: 'both' }])).rejects.toThrow('each of 3 events, found 0')
  })

  it('of nothing at all', async () => {
    await expect(silentAbout([]).write([], undefined)).rejects.toThrow('at least one event')
    await expect(silentAbout([]).end([], 'void')).rejects.toThrow('at least one event')
    await expect(silentAbout([]).open([])).rejects.toThrow('at least one account')
  })
})
