import { AccountCode, idFromUuid, MemoryLedger, type NewAccount, type Outcome } from '@kivuko/accounting'
import { ManualClock } from '@kivuko/platform'
import { describe, expect, it } from 'vitest'
import { AccountOpening, type AccountOwner } from './account-opening.js'

class CountingLedger extends MemoryLedger {
  asked = 0
  answering = true

  override async openAccounts(accounts: readonly NewAccount[]): Promise<Outcome> {
    this.asked++
    return this.answering ? super.openAccounts(accounts) : { kind: 'unknown', message: 'silence' }
  }
}

function owner(n: number): AccountOwner {
  const id = `00000000-0000-4000-8000-${n.toString().padStart(12, '0')}`
  return { id, accounts: [{ id: idFromUuid(id), ledger: 1, code: AccountCode.peer, limit: 'debits' }] }
}

function ledgerAndOpening(): { ledger: CountingLedger; opening: AccountOpening } {
  const ledger = new CountingLedger(new ManualClock(0))
  return { ledger, opening: new AccountOpening(ledger) }
}

describe('AccountOpening', () => {
  it('opens what the ledger lacks and leaves the rest alone', async () => {
    const { ledger, opening } = ledgerAndOpening()
    await ledger.openAccounts(owner(1).accounts)
    ledger.asked = 0
    await opening.ensure([owner(1), owner(2)])
    expect(ledger.asked).toBe(1)
    expect((await ledger.balances([owner(1), owner(2)].map(({ id }) => idFromUuid(id)))).size).toBe(2)
  })

  it('does not ask again for rows that have theirs', async () => {
    const { ledger, opening } = ledgerAndOpening()
    await opening.ensure([owner(1)])
    await opening.ensure([owner(1)])
    expect(ledger.asked).toBe(1)
  })

  it('asks again for a row when told to, or when it was forgotten', async () => {
    const { ledger, opening } = ledgerAndOpening()
    ledger.answering = false
    await expect(opening.ensure([owner(1)])).rejects.toMatchObject({ kind: 'unavailable' })
    ledger.answering = true
    await opening.reopen(owner(1))
    expect((await ledger.balances([idFromUuid(owner(1).id)])).size).toBe(1)
  })

  it('opens a thousand accounts', async () => {
    const { ledger, opening } = ledgerAndOpening()
    const owners = Array.from({ length: 1_000 }, (_, n) => owner(n + 1))
    await opening.ensure(owners)
    expect((await ledger.balances(owners.map(({ id }) => idFromUuid(id)))).size).toBe(1_000)
  })
})
