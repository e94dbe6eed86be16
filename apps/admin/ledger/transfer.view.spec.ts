import { idFromUuid, type LedgerTransfer, TransferCode } from '@kivuko/accounting'
import { describe, expect, it } from 'vitest'
import { transferView } from './transfer.view.js'

const ONE = '00000000-0000-4000-8000-000000000001'
const TWO = '00000000-0000-4000-8000-000000000002'
const THREE = '00000000-0000-4000-8000-000000000003'

const withdrawal: LedgerTransfer = {
  id: idFromUuid(ONE),
  ledger: 3,
  debitAccountId: idFromUuid(TWO),
  creditAccountId: idFromUuid(THREE),
  amount: 9223372036854775807n,
  code: TransferCode.withdrawal,
  state: 'pending',
  position: 1n,
  createdAt: new Date(Date.UTC(2030, 0, 1)),
  timeoutSeconds: 60,
  expiresAt: new Date(Date.UTC(2030, 0, 1, 0, 1)),
}

describe('a ledger transfer, told to the operator', () => {
  it('has the ids its accounts are known by', () => {
    expect(transferView(withdrawal)).toEqual({
      id: ONE,
      debitAccountId: TWO,
      creditAccountId: THREE,
      amount: 9223372036854775807n,
      transferType: 'WITHDRAWAL',
      ledger: 3,
      createdAt: '2030-01-01T00:00:00.000Z',
      state: 'PENDING',
      expiresAt: '2030-01-01T00:01:00.000Z',
    })
  })

  it('is a deposit, a withdrawal or else a transfer', () => {
    const typeOf = (code: number) => transferView({ ...withdrawal, code }).transferType
    expect(
      [TransferCode.deposit, TransferCode.withdrawal, TransferCode.transfer, TransferCode.credit].map(typeOf),
    ).toEqual(['DEPOSIT', 'WITHDRAWAL', 'TRANSFER', 'TRANSFER'])
  })

  it('is voided also when time undid it', () => {
    const stateOf = (state: LedgerTransfer['state']) => transferView({ ...withdrawal, state }).state
    expect((['pending', 'posted', 'voided', 'expired'] as const).map(stateOf)).toEqual([
      'PENDING',
      'POSTED',
      'VOIDED',
      'VOIDED',
    ])
  })
})
