import { AccountCode, assetAccounts, idFromUuid, MemoryLedger, type NewAccount, type Outcome } from '@kivuko/accounting'
import { ManualClock } from '@kivuko/platform'
import { describe, expect, it } from 'vitest'
import { AccountOpening, type AccountOwner } from './account-opening.js'

class CountingLedger extends MemoryLedger {
  /** The ids that were to be opened, call by call. */
  readonly asked: bigint[][] = []
  looked = 0
  answering = true

  override async openAccounts(accounts: readonly NewAccount[]): Promise<Outcome> {
    this.asked.push(accounts.map(({ id }) => id))
    return this.answering ? super.openAccounts(accounts) : { kind: 'unknown', message: 'silence' }
  }

  override balances(ids: readonly bigint[]) {
    this.looked++
    return super.balances(ids)
  }
}

const asset = { id: '00000000-0000-4000-8000-00000000000a', ledger: 1 }
const assetIds = assetAccounts(asset).map(({ id }) => id)

function owner(n: number): AccountOwner {
  const id = `10000000-0000-4000-8000-${n.toString().padStart(12, '0')}`
  return { id, asset, account: { id: idFromUuid(id), ledger: 1, code: AccountCode.peer, limit: 'debits' } }
}

const accountOf = (n: number): bigint => idFromUuid(owner(n).id)

function ledgerAndOpening(): { ledger: CountingLedger; opening: AccountOpening } {
  const ledger = new CountingLedger(new ManualClock(0))
  return { ledger, opening: new AccountOpening(ledger) }
}

describe('AccountOpening', () => {
  it('opens what the ledger lacks and leaves the rest alone', async () => {
    const { ledger, opening } = ledgerAndOpening()
    await ledger.openAccounts([...assetAccounts(asset), owner(1).account])
    ledger.asked.length = 0
    await opening.ensure([owner(1), owner(2)])
    expect(ledger.asked).toEqual([[accountOf(2)]])
    expect((await ledger.balances([accountOf(1), accountOf(2)])).size).toBe(2)
  })

  it('opens the accounts of the asset before any that needs them, and once', async () => {
    const { ledger, opening } = ledgerAndOpening()
    await opening.ensure([owner(1), owner(2)])
    await opening.open(owner(3))
    expect(ledger.asked).toEqual([assetIds, [accountOf(1)], [accountOf(2)], [accountOf(3)]])
  })

  it('opens no account whose asset’s could not be opened', async () => {
    const { ledger, opening } = ledgerAndOpening()
    ledger.answering = false
    await expect(opening.open(owner(1))).rejects.toMatchObject({ kind: 'unavailable', reason: 'LedgerUnavailable' })
    await expect(opening.ensure([owner(1)])).rejects.toMatchObject({ kind: 'unavailable' })
    expect(ledger.asked).toEqual([assetIds, assetIds])
  })

  it('asks the ledger nothing about rows that have theirs', async () => {
    const { ledger, opening } = ledgerAndOpening()
    await opening.ensure([owner(1)])
    await opening.open(owner(2))
    const { looked } = ledger
    await opening.ensure([owner(1), owner(2)])
    await opening.asLiquidity(owner(2)).ensureOpen()
    expect([ledger.looked, ledger.asked.length]).toEqual([looked, 3])
  })

  it('asks again for a row when told to, with its asset, or when it was forgotten', async () => {
    const { ledger, opening } = ledgerAndOpening()
    ledger.answering = false
    await expect(opening.ensure([owner(1)])).rejects.toMatchObject({ kind: 'unavailable' })
    ledger.answering = true
    await opening.reopen(owner(1))
    expect((await ledger.balances([accountOf(1), ...assetIds])).size).toBe(4)
    opening.forget(owner(1).id)
    const { looked } = ledger
    await opening.ensure([owner(1)])
    expect(ledger.looked).toBe(looked + 1)
  })

  it('looks up again the accounts of rows that it has forgotten', async () => {
    const ledger = new CountingLedger(new ManualClock(0))
    const opening = new AccountOpening(ledger, 2)
    await opening.ensure([owner(1), owner(2)])
    const { looked } = ledger
    await opening.asLiquidity(owner(2)).ensureOpen()
    expect([ledger.looked - looked, ledger.asked.length]).toEqual([1, 3])
  })

  it('opens a thousand accounts', async () => {
    const { ledger, opening } = ledgerAndOpening()
    const owners = Array.from({ length: 1_000 }, (_, n) => owner(n + 1))
    await opening.ensure(owners)
    expect((await ledger.balances(owners.map(({ id }) => idFromUuid(id)))).size).toBe(1_000)
  })
})
