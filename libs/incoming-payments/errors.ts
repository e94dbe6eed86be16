import { DomainError } from '@kivuko/platform'

export function unknownIncomingPayment(id: string): DomainError {
  const message = `No incoming payment has the id "${id}"; check the id, or list the wallet address' payments`
  return new DomainError('not-found', 'UnknownPayment', message)
}

export function inactiveWalletAddress(address: string): DomainError {
  const message = `The wallet address ${address} is deactivated and takes no new payments; activate it first`
  return new DomainError('invalid', 'InactiveWalletAddress', message)
}

export function invalidIncomingAmount(amount: bigint, maximum: bigint): DomainError {
  const message = `incomingAmount must be between 1 and ${maximum} minor units, found ${amount}`
  return new DomainError('invalid', 'InvalidAmount', message)
}

export function invalidExpiry(expiresAt: Date, now: Date, maximumMs: number): DomainError {
  const latest = new Date(now.getTime() + maximumMs).toISOString()
  const found = Number.isNaN(expiresAt.getTime()) ? 'an invalid date' : expiresAt.toISOString()
  const message = `expiresAt must lie between now (${now.toISOString()}) and ${latest}, found ${found}`
  return new DomainError('invalid', 'InvalidExpiry', message)
}

export function wrongIncomingPaymentState(id: string, state: string, wanted: string): DomainError {
  const message = `The incoming payment ${id} is ${state}: it cannot be ${wanted}`
  return new DomainError('conflict', 'WrongState', message, { state })
}

/** The caller learns nothing that it could give to a sender. */
export function notApproved(why: string): DomainError {
  return new DomainError('forbidden', 'ActionNotPerformed', `The incoming payment was not made: ${why}`)
}

/** Of approval and cancellation, the first one stands. */
export function alreadyActioned(id: string, done: 'approved' | 'cancelled', wanted: string): DomainError {
  const message = `The incoming payment ${id} has been ${done}: it cannot be ${wanted} any more`
  return new DomainError('forbidden', 'AlreadyActioned', message)
}

/** The payment takes no more money, or not this much; `details.missingAmount` says how much it would. */
export function notReceivable(id: string, why: string, missingAmount?: bigint): DomainError {
  const message = `The incoming payment ${id} ${why}`
  return new DomainError('conflict', 'ReceiverClosed', message, missingAmount === undefined ? {} : { missingAmount })
}
