import { describe, expect, it } from 'vitest'
import type { EntryRow } from '../admin/books.js'
import type { Account, Books } from './books.js'
import { checkConservation, checkMutualDebt } from './checks.js'

function account(id: string, assetCode: string, liquidity: bigint): Account {
  return { id, label: id, assetCode, assetScale: 2, liquidity }
}

function books(accounts: Account[], entries: EntryRow[] = []): Books {
  return { accounts, entries: new Map(entries.map((entry) => [entry.id, entry])) }
}

function entry(
  id: string,
  transferType: EntryRow['transferType'],
  debit: string,
  credit: string,
  amount: bigint,
): EntryRow {
  const createdAt = '2026-01-01T00:00:00.000Z'
  return { id, debitAccountId: debit, creditAccountId: credit, amount, transferType, state: 'POSTED', createdAt }
}

const EARLIER = entry('0', 'DEPOSIT', 'outside', 'eur', 100_000n)
const BEFORE = books(
  [account('usd', 'USD', 0n), account('eur', 'EUR', 100_000n), account('peer', 'USD', 50_000n)],
  [EARLIER],
)
// Beta takes 100.00 USD from its peer, gives 91.00 EUR to bob's incoming payment, and bob's bank takes it out.
const ENTRIES = [
  EARLIER,
  entry('1', 'TRANSFER', 'peer', 'usd', 10_000n),
  entry('2', 'TRANSFER', 'eur', 'bob', 9_100n),
  entry('3', 'WITHDRAWAL', 'bob', 'outside', 9_100n),
]

describe('checkConservation', () => {
  it('holds when what an asset gained came in from outside', () => {
    const after = books(
      [
        account('usd', 'USD', 10_000n),
        account('eur', 'EUR', 90_900n),
        account('peer', 'USD', 40_000n),
        account('bob', 'EUR', 0n),
      ],
      ENTRIES,
    )
    expect(checkConservation(BEFORE, after)).toEqual([
      { assetCode: 'USD', assetScale: 2, gained: 0n, deposited: 0n, withdrawn: 0n, holds: true },
      { assetCode: 'EUR', assetScale: 2, gained: -9_100n, deposited: 0n, withdrawn: 9_100n, holds: true },
    ])
  })

  it('fails when a unit appears from nowhere', () => {
    const after = books(
      [
        account('usd', 'USD', 10_001n),
        account('eur', 'EUR', 90_900n),
        account('peer', 'USD', 40_000n),
        account('bob', 'EUR', 0n),
      ],
      ENTRIES,
    )
    expect(checkConservation(BEFORE, after).map(({ assetCode, holds }) => [assetCode, holds])).toEqual([
      ['USD', false],
      ['EUR', true],
    ])
  })

  it('does not count what is only reserved', () => {
    const pending = { ...entry('4', 'DEPOSIT', 'outside', 'usd', 5n), state: 'PENDING' }
    const [usd] = checkConservation(BEFORE, books([...BEFORE.accounts], [EARLIER, pending]))
    expect(usd).toMatchObject({ deposited: 0n, holds: true })
  })
})

describe('checkMutualDebt', () => {
  const debtor = {
    before: books([account('p', 'USD', 50_000n)]),
    after: books([account('p', 'USD', 60_000n)]),
    peerId: 'p',
  }

  it('holds when both books say the same', () => {
    const creditor = {
      before: books([account('q', 'USD', 50_000n)]),
      after: books([account('q', 'USD', 40_000n)]),
      peerId: 'q',
    }
    expect(checkMutualDebt(debtor, creditor)).toEqual({ saidByDebtor: 10_000n, saidByCreditor: 10_000n, holds: true })
  })

  it('fails when one of them forgot a packet', () => {
    const creditor = {
      before: books([account('q', 'USD', 50_000n)]),
      after: books([account('q', 'USD', 42_500n)]),
      peerId: 'q',
    }
    expect(checkMutualDebt(debtor, creditor)).toMatchObject({ saidByCreditor: 7_500n, holds: false })
  })
})
