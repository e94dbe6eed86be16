import { AccountCode, type LedgerAccount, type LedgerTotals, type LedgerTransfer, uuidFromId } from '@kivuko/accounting'
import type { Finding } from './audit.js'

/** The ledger's background sweep has this long to release a reservation past its timeout. */
export const SWEEP_GRACE_MS = 10_000

const CODE_NAMES: ReadonlyMap<number, string> = new Map(
  Object.entries(AccountCode).map(([name, code]) => [
    code,
    name.replace(/[A-Z]/g, (letter) => ` ${letter.toLowerCase()}`),
  ]),
)

export function accountName({ code, id }: Pick<LedgerAccount, 'code' | 'id'>): string {
  return `${CODE_NAMES.get(code) ?? `code ${code}`} account ${uuidFromId(id)}`
}

/** Conservation: what all accounts of a ledger were debited, they were credited. */
export function unbalanced(totals: LedgerTotals): Finding | undefined {
  const { ledger, debitsPosted, creditsPosted, debitsPending, creditsPending } = totals
  if (debitsPosted === creditsPosted && debitsPending === creditsPending) return undefined
  return {
    kind: 'ledger-unbalanced',
    subject: `ledger ${ledger}`,
    expected: 'debits equal credits',
    found: `posted ${debitsPosted} against ${creditsPosted}, pending ${debitsPending} against ${creditsPending}`,
    advice: 'units were made or lost outside the ledger: stop the node, compare with the last backup',
  }
}

/** No liquidity account pays out more than it holds; no settlement account takes in more than was paid out. */
export function beyondLimit(account: LedgerAccount): Finding | undefined {
  const { limit, debitsPosted, debitsPending, creditsPosted, creditsPending } = account
  const spentTooMuch = (limit === 'debits' || limit === 'both') && debitsPosted + debitsPending > creditsPosted
  const tookTooMuch = limit === 'credits' && creditsPosted + creditsPending > debitsPosted
  if (!spentTooMuch && !tookTooMuch) return undefined
  return {
    kind: 'account-beyond-limit',
    subject: accountName(account),
    expected: spentTooMuch
      ? 'debits, posted and pending, within posted credits'
      : 'credits, posted and pending, within posted debits',
    found: `debits ${debitsPosted} + ${debitsPending} pending, credits ${creditsPosted} + ${creditsPending} pending`,
    advice: 'the ledger refuses this by itself: look for rows changed by hand',
  }
}

/** `owner` names the debited side: of a forwarded packet, the peer. */
export function overdue(reservation: LedgerTransfer, owner: string, nowMs: number): Finding | undefined {
  const { id, amount, createdAt, expiresAt } = reservation
  if (expiresAt === undefined || expiresAt.getTime() + SWEEP_GRACE_MS >= nowMs) return undefined
  return {
    kind: 'reservation-overdue',
    subject: `reservation ${uuidFromId(id)} of ${owner}`,
    expected: `posted, voided or released by ${expiresAt.toISOString()}`,
    found: `${amount} units still reserved since ${createdAt.toISOString()}`,
    advice: 'is the ledger sweep running? a start of the node releases what is past its time',
  }
}
