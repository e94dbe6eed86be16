import { type LedgerTransfer, TransferCode, type TransferState, uuidFromId } from '@kivuko/accounting'

// Rafiki has no word for a reservation undone by time: to the account it is the same as a voided one.
const states: Readonly<Record<TransferState, 'PENDING' | 'POSTED' | 'VOIDED'>> = {
  pending: 'PENDING',
  posted: 'POSTED',
  voided: 'VOIDED',
  expired: 'VOIDED',
}

/** GraphQL's AccountingTransfer. */
export function transferView(transfer: LedgerTransfer) {
  return {
    id: uuidFromId(transfer.id),
    debitAccountId: uuidFromId(transfer.debitAccountId),
    creditAccountId: uuidFromId(transfer.creditAccountId),
    amount: transfer.amount,
    transferType: typeOf(transfer.code),
    ledger: transfer.ledger,
    createdAt: transfer.createdAt.toISOString(),
    state: states[transfer.state],
    expiresAt: transfer.expiresAt?.toISOString() ?? null,
  }
}

function typeOf(code: number): 'DEPOSIT' | 'WITHDRAWAL' | 'TRANSFER' {
  if (code === TransferCode.deposit) return 'DEPOSIT'
  return code === TransferCode.withdrawal ? 'WITHDRAWAL' : 'TRANSFER'
}
