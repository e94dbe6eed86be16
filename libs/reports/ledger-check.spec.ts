import { AccountCode, idFromUuid, type LedgerAccount, type LedgerTransfer } from '@kivuko/accounting'
import { describe, expect, it } from 'vitest'
import { beyondLimit, overdue, unbalanced } from './ledger-check.js'

const PEER = '11111111-1111-4111-8111-111111111111'

const account: LedgerAccount = {
  id: idFromUuid(PEER),
  ledger: 1,
  code: AccountCode.peer,
  limit: 'debits',
  debitsPosted: 60n,
  debitsPending: 40n,
  creditsPosted: 100n,
  creditsPending: 7n,
  creditLine: 0n,
}

const reservation: LedgerTransfer = {
  id: 5n,
  ledger: 1,
  debitAccountId: account.id,
  creditAccountId: 9n,
  amount: 30n,
  code: 1,
  state: 'pending',
  position: 1n,
  createdAt: new Date('2026-01-01T00:00:00Z'),
  timeoutSeconds: 40,
  expiresAt: new Date('2026-01-01T00:00:40Z'),
}

describe('a ledger', () => {
  const totals = {
    ledger: 1,
    accounts: 2,
    debitsPosted: 90n,
    creditsPosted: 90n,
    debitsPending: 5n,
    creditsPending: 5n,
  }

  it('is in balance when debits equal credits, posted and pending', () => {
    expect(unbalanced(totals)).toBeUndefined()
  })

  it.each([
    ['posted', { ...totals, creditsPosted: 91n }, 'posted 90 against 91, pending 5 against 5'],
    ['pending', { ...totals, debitsPending: 4n }, 'posted 90 against 90, pending 4 against 5'],
  ])('is not when one %s unit more is on one side', (_side, changed, found) => {
    expect(unbalanced(changed)).toMatchObject({ kind: 'ledger-unbalanced', subject: 'ledger 1', found })
  })
})

describe('an account', () => {
  it('may spend and reserve all it was credited', () => {
    expect(beyondLimit(account)).toBeUndefined()
  })

  it('may not spend what it has only been promised', () => {
    expect(beyondLimit({ ...account, debitsPosted: 61n })).toMatchObject({
      kind: 'account-beyond-limit',
      subject: `peer account ${PEER}`,
      found: 'debits 61 + 40 pending, credits 100 + 7 pending',
    })
  })

  it('of settlement may not take in more than it paid out', () => {
    const settlement = { ...account, code: AccountCode.settlement, limit: 'credits' } as const
    expect(beyondLimit({ ...settlement, debitsPosted: 107n })).toBeUndefined()
    expect(beyondLimit({ ...settlement, debitsPosted: 106n })?.kind).toBe('account-beyond-limit')
  })

  it('without limit may do both', () => {
    expect(beyondLimit({ ...account, limit: 'none', debitsPosted: 1_000n })).toBeUndefined()
  })
})

describe('a reservation', () => {
  const at = (time: string) => new Date(time).getTime()

  it('is left alone until its timeout and the time of the sweep have passed', () => {
    expect(overdue(reservation, 'peer B', at('2026-01-01T00:00:50.000Z'))).toBeUndefined()
  })

  it('is named with its owner afterwards', () => {
    expect(overdue(reservation, 'peer B', at('2026-01-01T00:00:50.001Z'))).toMatchObject({
      kind: 'reservation-overdue',
      subject: 'reservation 00000000-0000-0000-0000-000000000005 of peer B',
      expected: 'posted, voided or released by 2026-01-01T00:00:40.000Z',
      found: '30 units still reserved since 2026-01-01T00:00:00.000Z',
    })
  })

  it('that never times out is not overdue', () => {
    const unresolved = { ...reservation, timeoutSeconds: 0, expiresAt: undefined }
    expect(overdue(unresolved, 'peer B', at('2027-01-01T00:00:00Z'))).toBeUndefined()
  })
})
