import type { Amount, SpentAmounts } from '@kivuko/grants'
import { amountView } from '../bodies/amount.view.js'

/** What a new payment's 201 says of its grant; a side without one number is left out. */
export function grantSpentView(spent: SpentAmounts | undefined) {
  const { debitAmount = null, receiveAmount = null } = spent ?? {}
  return {
    ...(debitAmount && { grantSpentDebitAmount: spentView(debitAmount) }),
    ...(receiveAmount && { grantSpentReceiveAmount: spentView(receiveAmount) }),
  }
}

/** `GET /outgoing-payment-grant` of the specification. */
export function outgoingPaymentGrantView({ debitAmount, receiveAmount }: SpentAmounts) {
  return {
    spentDebitAmount: debitAmount && spentView(debitAmount),
    spentReceiveAmount: receiveAmount && spentView(receiveAmount),
  }
}

function spentView({ value, assetCode: code, assetScale: scale }: Amount) {
  return amountView(value, { code, scale })
}
