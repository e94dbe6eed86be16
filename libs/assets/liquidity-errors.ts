import { type LedgerTransfer, type Refusal, type TransferState, uuidFromId } from '@kivuko/accounting'
import { assert, DomainError, type ErrorKind } from '@kivuko/platform'

type Told = readonly [kind: ErrorKind, reason: string, message: string]

/** What a caller is told of each refusal, with Rafiki's reasons. `undefined`: only a bug of ours can cause it. */
const told: Record<Refusal, Told | undefined> = {
  'invalid-id': ['invalid', 'InvalidId', 'it cannot be the id of a transfer; choose another UUID'],
  'invalid-amount': ['invalid', 'InvalidAmount', 'its amount is not one the ledger takes (1 to 2^63 − 1)'],
  'invalid-timeout': ['invalid', 'InvalidTimeout', 'its timeout is not one the ledger takes (0 to 2^32 − 1 seconds)'],
  'exists-with-different-content': ['duplicate', 'TransferExists', 'another transfer has this id; choose a new one'],
  'already-refused': ['duplicate', 'TransferExists', 'the ledger has refused this id before; choose a new one'],
  'insufficient-funds': ['forbidden', 'InsufficientBalance', 'the account holds less than it would take'],
  'insufficient-room': ['forbidden', 'InsufficientDebitBalance', 'it would lift the account above its maximum'],
  'already-posted': ['conflict', 'AlreadyPosted', 'it has been posted already'],
  'already-voided': ['conflict', 'AlreadyVoided', 'it has been voided already'],
  expired: ['forbidden', 'TransferExpired', 'its timeout has passed; create it again with a new id'],
  'unknown-reservation': ['not-found', 'UnknownTransfer', 'there is no such withdrawal'],
  'unknown-debit-account': [
    'unavailable',
    'UnknownLedgerAccount',
    'the account is not open in the ledger yet; try again',
  ],
  'unknown-credit-account': [
    'unavailable',
    'UnknownLedgerAccount',
    'the account is not open in the ledger yet; try again',
  ],
  'invalid-chain': undefined,
  'repeated-id': undefined,
  'invalid-ledger': undefined,
  'invalid-code': undefined,
  'invalid-reference': undefined,
  'same-accounts': undefined,
  'different-ledgers': undefined,
  'unknown-account': undefined,
  'no-maximum': undefined,
}

/** The ledger's refusal of transfer `id`, as the caller is told. */
export function refusedTransfer(refusal: Refusal, id: string): DomainError {
  const refused = told[refusal]
  assert(refused !== undefined, `a liquidity transfer is never refused as ${refusal}`)
  const [kind, reason, message] = refused
  return new DomainError(kind, reason, `Transfer "${id}": ${message}`)
}

const ends: Record<Exclude<TransferState, 'pending'>, Told> = {
  posted: ['conflict', 'AlreadyPosted', 'has been posted'],
  voided: ['conflict', 'AlreadyVoided', 'has been voided'],
  expired: ['forbidden', 'TransferExpired', 'was neither posted nor voided before its timeout has passed'],
}

/** The withdrawal that a call asks for was made and is over. `fresh`: what another one needs. */
export function withdrawalEnded({ id, state }: LedgerTransfer, fresh: 'id' | 'idempotencyKey'): DomainError {
  assert(state !== 'pending', 'a withdrawal that has ended is not pending')
  const [kind, reason, how] = ends[state]
  return new DomainError(kind, reason, `Withdrawal "${uuidFromId(id)}" ${how}; for another one give a new ${fresh}`)
}

/** Another call's withdrawal is open or was posted: there can be no second one beside it. */
export function withdrawalStands({ id, amount, state, createdAt, expiresAt }: LedgerTransfer): DomainError {
  const name = `withdrawal "${uuidFromId(id)}"`
  if (state === 'posted') {
    const message = `${amount} has been withdrawn already by another call (${name} of ${createdAt.toISOString()})`
    return new DomainError('conflict', 'AlreadyPosted', message)
  }
  const until = expiresAt === undefined ? '' : ` until ${expiresAt.toISOString()}`
  const message = `Another call's ${name} of ${amount} is open${until}; post or void it first`
  return new DomainError('duplicate', 'TransferExists', message)
}

export function nothingToWithdraw(eventId: string): DomainError {
  return new DomainError('invalid', 'AmountZero', `Nothing is left to withdraw for the event "${eventId}"`)
}

export function ledgerContended(eventId: string): DomainError {
  const message = `Too many other transfers of the event "${eventId}" at the same time; repeat the call`
  return new DomainError('unavailable', 'LedgerBusy', message)
}

/** Nobody knows yet whether it happened: the same call again finds out and does it at most once. */
export function ledgerUnavailable(cause: string): DomainError {
  const message = `The ledger did not answer (${cause}); repeat the call with the same id and idempotencyKey, it is done at most once`
  return new DomainError('unavailable', 'LedgerUnavailable', message)
}

/** True of whatever the ledger throws or answers when it cannot be reached in time. */
export function isUnavailable(error: unknown): boolean {
  return error instanceof DomainError && error.kind === 'unavailable'
}
