import { describe, expect, it } from 'vitest'
import { AccountCode, type NewAccount } from '../account.js'
import { AccountDirectory } from './account-directory.js'
import { AccountOpening } from './account-opening.js'
import type { Statement } from './batch-connection.js'
import { Batches } from './batches.js'

const account: NewAccount = { id: 2n, ledger: 1, code: AccountCode.peer, limit: 'debits' }

/** A database that answers every statement with no rows. */
function parts() {
  const sent: Statement[] = []
  const connection = {
    async query<Row extends unknown[]>(statement: Statement): Promise<Row[]> {
      sent.push(statement)
      return []
    },
  }
  const directory = new AccountDirectory()
  const batches = new Batches(connection, directory, { noteReserved: () => undefined })
  return { sent, batches, opening: new AccountOpening(connection, directory, (accounts) => batches.open(accounts)) }
}

describe('what the database gives no answer for is not accepted', () => {
  it('of a batch without chains, or with an empty one: nothing is sent', async () => {
    const { sent, batches } = parts()
    await expect(batches.apply([])).rejects.toThrow('a batch holds chains')
    await expect(batches.apply([{ verb: 'post', ids: [] }])).rejects.toThrow('they hold legs')
    expect(sent).toEqual([])
  })

  it('of an account to be opened', async () => {
    await expect(parts().opening.open([account])).rejects.toThrow('each of 1 accounts is answered, found 0')
  })

  it('of no accounts at all: nothing is sent', async () => {
    const { sent, batches, opening } = parts()
    await expect(opening.open([])).rejects.toThrow('at least one account')
    await expect(batches.open([])).rejects.toThrow('at least one account')
    expect(sent).toEqual([])
  })
})
