import type { Outcome, Refusal } from '@kivuko/accounting'
import type { PayError, PayRequest } from '../payment-method.js'

type Refused = Exclude<Outcome, { kind: 'accepted' }>

/** The ledger's answer to a local payment's chain, in words for the operator. */
export function refusedLocally(outcome: Refused, { payment, receiver }: PayRequest): PayError {
  if (outcome.kind === 'unknown') {
    const message = `The ledger did not answer (${outcome.message}); the same transfer is tried again`
    return { reason: 'LedgerUnavailable', message, isRetryable: true, isUnknown: true }
  }
  const { leg, refusal } = outcome
  if (refusal === 'insufficient-funds') return withoutFunds(leg, payment.asset.code, receiver.asset.code)
  if (isOvertaken(outcome)) {
    const message = 'Others have paid the receiver meanwhile; what it still asks for is looked up again'
    return { reason: 'ReceiverOvertaken', message, isRetryable: true }
  }
  const message = `The ledger refused the payment's transfer (leg ${leg + 1}: ${refusal})`
  return { reason: 'LedgerRefused', message, isRetryable: isTransient(refusal) }
}

/** Only the receiver's account limits what it is credited. */
export function isOvertaken(outcome: Outcome): boolean {
  return outcome.kind === 'refused' && outcome.refusal === 'insufficient-room'
}

// The first leg takes from the payment's own account; any other takes from the liquidity of the receiver's asset.
function withoutFunds(leg: number, sourceCode: string, destinationCode: string): PayError {
  if (leg === 0) {
    const message = `The payment's account holds less ${sourceCode} than it has to send`
    return { reason: 'InsufficientBalance', message, isRetryable: false }
  }
  const message = `The liquidity of ${destinationCode} is too low for this payment; deposit liquidity into the asset`
  return { reason: 'InsufficientLiquidity', message, isRetryable: true }
}

// Accounts are opened after their rows' commit, so that one may be missing for a moment.
function isTransient(refusal: Refusal): boolean {
  return refusal === 'unknown-debit-account' || refusal === 'unknown-credit-account' || refusal === 'already-refused'
}
