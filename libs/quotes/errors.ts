import { DomainError } from '@kivuko/platform'
import type { Amount } from './amount.js'

export function unknownQuote(id: string): DomainError {
  return new DomainError('not-found', 'UnknownQuote', `No quote has the id "${id}"; create one, or check the id`)
}

export function inactiveSender(address: string): DomainError {
  const message = `The wallet address ${address} is deactivated and pays nothing; activate it first`
  return new DomainError('invalid', 'InactiveWalletAddress', message)
}

export function invalidAmount(message: string, details: Record<string, unknown> = {}): DomainError {
  return new DomainError('invalid', 'InvalidAmount', message, details)
}

export function invalidReceiver(url: string, why: string, options?: ErrorOptions): DomainError {
  return new DomainError('invalid', 'InvalidReceiver', `The receiver ${url} cannot be paid: ${why}`, {}, options)
}

/** What cannot be made or completed: there is no such thing at the other server, or it does not let us. */
export function unknownReceiver(url: string, why: string, options?: ErrorOptions): DomainError {
  return new DomainError('not-found', 'UnknownReceiver', `No incoming payment was found at ${url}: ${why}`, {}, options)
}

export function unknownRemoteWalletAddress(url: string, why: string, options?: ErrorOptions): DomainError {
  const message = `No wallet address was found at ${url}: ${why}`
  return new DomainError('not-found', 'UnknownWalletAddress', message, {}, options)
}

export function invalidGrant(url: string, why: string, options?: ErrorOptions): DomainError {
  const message = `The server of ${url} does not let this node do that: ${why}`
  return new DomainError('forbidden', 'InvalidGrant', message, {}, options)
}

/** The other server did not answer, or not in time: the same call may succeed later. */
export function receiverUnavailable(url: string, why: string, options?: ErrorOptions): DomainError {
  const message = `${url} could not be read: ${why}; try again`
  return new DomainError('unavailable', 'ReceiverUnavailable', message, {}, options)
}

/** Like the reference's: wallets look for these words. `details.minSendAmount` is the least debit that would pass. */
export function tooManyCalls(tenantId: string, limit: number): DomainError {
  const message = `Tenant "${tenantId}" has ${limit} calls to other servers under way, at most ${limit} are allowed at once; try again when some are answered`
  return new DomainError('limited', 'TooManyCalls', message)
}

export function nonPositiveReceiveAmount(minSendAmount: Amount | undefined): DomainError {
  const message =
    minSendAmount === undefined
      ? 'non-positive receive amount: fees and rounding leave nothing of any amount on this path'
      : `non-positive receive amount: nothing would arrive; send at least ${minSendAmount.value}`
  const details = minSendAmount === undefined ? {} : { minSendAmount }
  return new DomainError('invalid', 'NonPositiveReceiveAmount', message, details)
}

export function couldNotFetchRates(cause: DomainError): DomainError {
  return new DomainError('unavailable', 'CouldNotFetchRates', cause.message, {}, { cause })
}
