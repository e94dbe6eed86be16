import type { Account } from 'tigerbeetle-node'
import { AccountCode, type AccountLimit, type NewAccount } from '../account.js'
import { derivedId, type LedgerId } from '../ids.js'
import { ACCOUNT_FLAG, NOTHING, OWN_CODE } from './fields.js'

const LIMITS: readonly AccountLimit[] = ['debits', 'credits', 'both', 'none']
const CODES = new Map<number, AccountCode>(Object.values(AccountCode).map((code) => [code, code]))

/**
 * TigerBeetle limits an account on one side only. The other side of `both` is a companion account, the room: whatever
 * moves the account moves the room by a linked transfer the other way round, and the room starts with the maximum. The
 * room of an account whose credits are limited starts with the most they may be, and only credits move it.
 */
export function roomOf(id: LedgerId): LedgerId {
  return derivedId('room', id)
}

export function hasRoom({ limit, mostCredits }: NewAccount): boolean {
  return limit === 'both' || mostCredits !== undefined
}

/** Holds how much of the account's credits is credit granted. */
export function creditLineOf(id: LedgerId): LedgerId {
  return derivedId('credit line', id)
}

/** The other side of whatever moves rooms and credit lines, one per ledger. */
export function counterpartOf(ledger: number): LedgerId {
  return derivedId('counterpart', BigInt(ledger))
}

/** Where the steps of a maximum's changes are numbered, one per ledger. */
export function changesOf(ledger: number): LedgerId {
  return derivedId('changes', BigInt(ledger))
}

export function newAccount({ id, ledger, code, limit, mostCredits = NOTHING }: NewAccount): Account {
  const userFields = { user_data_128: mostCredits, user_data_32: LIMITS.indexOf(limit) + 1 }
  return { ...plainAccount(id, ledger, code), flags: flagsOf(limit), ...userFields }
}

/** The companions an account needs: opened before it, and again harmless. */
export function companionsOf(account: NewAccount): Account[] {
  if (!hasRoom(account)) return []
  const { id, ledger } = account
  const room = { ...plainAccount(roomOf(id), ledger, OWN_CODE.room), flags: ACCOUNT_FLAG.creditsLimited }
  return [...counterparts(ledger), room]
}

export function counterparts(ledger: number): Account[] {
  return [counterpartOf(ledger), changesOf(ledger)].map((id) => plainAccount(id, ledger, OWN_CODE.counterpart))
}

export function creditLineAccount(id: LedgerId, ledger: number): Account {
  return plainAccount(creditLineOf(id), ledger, OWN_CODE.creditLine)
}

/** The account as the port knows it; undefined for one of this adapter's own. */
export function openedAccount({ id, ledger, code, user_data_32, user_data_128 }: Account): NewAccount | undefined {
  const known = CODES.get(code)
  const limit = LIMITS[user_data_32 - 1]
  if (known === undefined || limit === undefined) return undefined
  return { id, ledger, code: known, limit, ...(user_data_128 !== NOTHING && { mostCredits: user_data_128 }) }
}

function flagsOf(limit: AccountLimit): number {
  if (limit === 'credits') return ACCOUNT_FLAG.creditsLimited
  return limit === 'none' ? 0 : ACCOUNT_FLAG.debitsLimited
}

function plainAccount(id: LedgerId, ledger: number, code: number): Account {
  return {
    id,
    debits_pending: NOTHING,
    debits_posted: NOTHING,
    credits_pending: NOTHING,
    credits_posted: NOTHING,
    user_data_128: NOTHING,
    user_data_64: NOTHING,
    user_data_32: 0,
    reserved: 0,
    ledger,
    code,
    flags: 0,
    timestamp: NOTHING,
  }
}
