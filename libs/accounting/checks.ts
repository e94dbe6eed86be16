import { AccountCode, type NewAccount } from './account.js'
import { type LedgerId, MAX_ID } from './ids.js'
import { type Outcome, type Refusal, refused } from './outcome.js'
import { type Leg, MAX_AMOUNT, MAX_CHAIN_LEGS, MAX_TIMEOUT_SECONDS, TransferCode } from './transfer.js'

const MAX_LEDGER = 2 ** 32 - 1
const MAX_CODE = 2 ** 16 - 1
const MAX_REFERENCE = 2n ** 128n - 1n
// Incoming payments ask for unsigned 64-bit amounts.
const MAX_CREDITS = 2n ** 64n - 1n
const ACCOUNT_CODES: ReadonlySet<number> = new Set(Object.values(AccountCode))
const LIMITS: ReadonlySet<string> = new Set(['debits', 'credits', 'both', 'none'])

/** What can be said of a chain without looking at the ledger; the same for every adapter, before anything else. */
export function checkLegs(chain: readonly Leg[]): Outcome | undefined {
  return checkEach(chain, (leg) => {
    if (!isLedger(leg.ledger)) return 'invalid-ledger'
    if (!isWithin(leg.code, MAX_CODE)) return 'invalid-code'
    if (!isAmount(leg.amount)) return 'invalid-amount'
    if (!isReference(leg.reference)) return 'invalid-reference'
    if (!isId(leg.debitAccountId) || !isId(leg.creditAccountId)) return 'invalid-id'
    return leg.debitAccountId === leg.creditAccountId ? 'same-accounts' : undefined
  })
}

/** Credit is granted at once or not at all: a reservation of it would move the line only when posted. */
export function checkReservation(chain: readonly Leg[], timeoutSeconds: number): Outcome | undefined {
  if (timeoutSeconds !== 0 && !isWithin(timeoutSeconds, MAX_TIMEOUT_SECONDS)) return refused(0, 'invalid-timeout')
  const credit = chain.findIndex((leg) => leg.code === TransferCode.credit)
  return checkLegs(chain) ?? (credit === -1 ? undefined : refused(credit, 'invalid-code'))
}

export function checkIds(ids: readonly LedgerId[]): Outcome | undefined {
  if (ids.length === 0 || ids.length > MAX_CHAIN_LEGS) return refused(0, 'invalid-chain')
  const wrong = ids.findIndex((id, index) => !isId(id) || ids.indexOf(id) < index)
  return wrong === -1 ? undefined : refused(wrong, isId(ids[wrong]) ? 'repeated-id' : 'invalid-id')
}

export function checkAccounts(accounts: readonly NewAccount[]): Outcome | undefined {
  return checkEach(accounts, (account) => {
    if (!isLedger(account.ledger)) return 'invalid-ledger'
    if (!ACCOUNT_CODES.has(account.code) || !LIMITS.has(account.limit)) return 'invalid-code'
    return account.mostCredits === undefined || isCap(account) ? undefined : 'invalid-amount'
  })
}

export function checkMaximum(accountId: LedgerId, maximum: bigint | undefined): Outcome | undefined {
  if (!isId(accountId)) return refused(0, 'invalid-id')
  return maximum === undefined || (maximum >= 0n && maximum <= MAX_AMOUNT) ? undefined : refused(0, 'invalid-amount')
}

export function isId(id: unknown): id is LedgerId {
  return typeof id === 'bigint' && id > 0n && id <= MAX_ID
}

function checkEach<T extends { id: LedgerId }>(
  chain: readonly T[],
  check: (item: T) => Refusal | undefined,
): Outcome | undefined {
  if (chain.length === 0 || chain.length > MAX_CHAIN_LEGS) return refused(0, 'invalid-chain')
  let index = 0
  for (const item of chain) {
    if (!isId(item.id)) return refused(index, 'invalid-id')
    // A chain is short, and mostly of one leg: looking back costs less than a set.
    if (chain.findIndex(({ id }) => id === item.id) < index) return refused(index, 'repeated-id')
    const refusal = check(item)
    if (refusal !== undefined) return refused(index, refusal)
    index += 1
  }
  return undefined
}

function isLedger(value: number): boolean {
  return isWithin(value, MAX_LEDGER)
}

function isWithin(value: number, highest: number): boolean {
  return Number.isInteger(value) && value > 0 && value <= highest
}

function isAmount(amount: unknown): boolean {
  return typeof amount === 'bigint' && amount > 0n && amount <= MAX_AMOUNT
}

function isCap({ mostCredits, limit }: NewAccount): boolean {
  return typeof mostCredits === 'bigint' && mostCredits > 0n && mostCredits <= MAX_CREDITS && limit !== 'both'
}

function isReference(reference: bigint | undefined): boolean {
  return reference === undefined || (typeof reference === 'bigint' && reference >= 0n && reference <= MAX_REFERENCE)
}
