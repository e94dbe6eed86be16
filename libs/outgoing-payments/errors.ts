import { DomainError } from '@kivuko/platform'
import type { OutgoingPaymentState } from './lifecycle.js'

export function unknownOutgoingPayment(id: string): DomainError {
  const message = `No outgoing payment has the id "${id}"; check the id, or list the wallet address' payments`
  return new DomainError('not-found', 'UnknownPayment', message)
}

export function wrongState(id: string, state: OutgoingPaymentState, wanted: string): DomainError {
  const message = `The outgoing payment ${id} is ${state}: it cannot be ${wanted}`
  return new DomainError('conflict', 'WrongState', message, { state })
}

export function alreadyFunded(id: string, state: OutgoingPaymentState, fundedAt: Date): DomainError {
  const at = fundedAt.toISOString()
  const message = `The outgoing payment ${id} was funded by another call at ${at}, nothing was deposited now; it is ${state}`
  return new DomainError('conflict', 'AlreadyFunded', message, { state, fundedAt: at })
}

export function quoteOfAnotherWallet(quoteId: string, walletAddressId: string): DomainError {
  const message = `The quote ${quoteId} was made for another wallet address than ${walletAddressId}; create a new quote`
  return new DomainError('invalid', 'InvalidQuote', message)
}

export function quoteUsed(quoteId: string): DomainError {
  const message = `The quote ${quoteId} has been used by a payment already; create a new quote`
  return new DomainError('invalid', 'InvalidQuote', message)
}

export function quoteExpired(quoteId: string, expiresAt: Date): DomainError {
  const message = `The quote ${quoteId} expired at ${expiresAt.toISOString()}; create a new quote`
  return new DomainError('invalid', 'QuoteExpired', message)
}

export function receiverClosed(url: string): DomainError {
  const message = `The receiver ${url} has been completed or has expired since the quote; ask for a new one`
  return new DomainError('invalid', 'InvalidReceiver', message)
}

export function inactiveSender(address: string): DomainError {
  const message = `The wallet address ${address} is deactivated and pays nothing; activate it first`
  return new DomainError('invalid', 'InactiveWalletAddress', message)
}

export function wrongFundingAmount(id: string, given: bigint, expected: bigint): DomainError {
  const message = `The outgoing payment ${id} is funded with exactly ${expected}, its debit amount; found ${given}`
  return new DomainError('invalid', 'InvalidAmount', message)
}
