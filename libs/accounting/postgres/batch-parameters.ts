import type { NewAccount } from '../account.js'
import type { LedgerId } from '../ids.js'
import { type Leg, TransferCode } from '../transfer.js'
import type { AccountDirectory } from './account-directory.js'
import { byteaArray, int4Array, int8Array, uuidArray } from './binary-array.js'
import type { Chain } from './chain.js'

const POSTED_AT_ONCE = -1n
const NONE = 0n

interface TimedLeg {
  readonly leg: Leg
  readonly timeout: bigint
}

/**
 * Parameters of `ledger_apply_all`; undefined when the batch holds a chain that the fast path does not know: an account
 * not opened, another ledger's account, a change of a credit line. New transfers go in the order of their ids, so that two
 * processes never wait for each other's.
 */
export function wholeBatch(chains: readonly Chain[], directory: AccountDirectory): Buffer[] | undefined {
  const writes: TimedLeg[] = []
  const posts: LedgerId[] = []
  const voids: LedgerId[] = []
  const kept = keptAnswersOf(chains)
  for (const chain of chains) {
    if (chain.verb === 'write')
      for (const leg of chain.legs) writes.push({ leg, timeout: timeoutOf(chain.timeoutSeconds) })
    else (chain.verb === 'post' ? posts : voids).push(...chain.ids)
  }
  if (!writes.every(({ leg }) => isPlain(leg, directory))) return undefined
  writes.sort((a, b) => (a.leg.id < b.leg.id ? -1 : 1))
  return [
    uuidArray(writes.map(({ leg }) => leg.id)),
    int4Array(writes.map(({ leg }) => directory.numberOf(leg.debitAccountId))),
    int4Array(writes.map(({ leg }) => directory.numberOf(leg.creditAccountId))),
    int8Array(writes.map(({ leg }) => leg.amount)),
    int4Array(writes.map(({ leg }) => leg.code)),
    uuidArray(writes.map(({ leg }) => leg.reference ?? NONE)),
    int8Array(writes.map(({ timeout }) => timeout)),
    uuidArray(posts),
    uuidArray(voids),
    ...kept,
  ]
}

/** Ids and answers of the posts that have one. */
export function keptAnswersOf(chains: readonly Chain[]): [ids: Buffer, answers: Buffer] {
  const ids: LedgerId[] = []
  const answers: Buffer[] = []
  for (const chain of chains) {
    if (chain.verb !== 'post' || chain.answer === undefined) continue
    ids.push(...chain.ids.slice(0, 1))
    answers.push(chain.answer)
  }
  return [uuidArray(ids), byteaArray(answers)]
}

/** Parameters of `ledger_apply_each`: every leg with its chain's number, in order. */
export function eachChain(chains: readonly Chain[]): (string[] | Buffer)[] {
  const rows = chains.flatMap((chain, number) => rowsOf(chain).map((row) => ({ ...row, verb: chain.verb, number })))
  return [
    rows.map(({ verb }) => verb),
    int4Array(rows.map(({ number }) => number)),
    uuidArray(rows.map(({ leg }) => leg.id)),
    uuidArray(rows.map(({ leg }) => leg.debitAccountId)),
    uuidArray(rows.map(({ leg }) => leg.creditAccountId)),
    int8Array(rows.map(({ leg }) => BigInt(leg.ledger))),
    int8Array(rows.map(({ leg }) => leg.amount)),
    int4Array(rows.map(({ leg }) => leg.code)),
    uuidArray(rows.map(({ leg }) => leg.reference ?? NONE)),
    int8Array(rows.map(({ timeout }) => timeout)),
  ]
}

/** Of accounts to be opened. */
export function mostCreditsOf(accounts: readonly NewAccount[]): (string | null)[] {
  return accounts.map(({ mostCredits }) => mostCredits?.toString() ?? null)
}

function rowsOf(chain: Chain): TimedLeg[] {
  if (chain.verb === 'write') return chain.legs.map((leg) => ({ leg, timeout: timeoutOf(chain.timeoutSeconds) }))
  const rest = { ledger: 0, debitAccountId: NONE, creditAccountId: NONE, amount: NONE, code: 0 }
  return chain.ids.map((id) => ({ leg: { id, ...rest }, timeout: NONE }))
}

function timeoutOf(timeoutSeconds: number | undefined): bigint {
  return timeoutSeconds === undefined ? POSTED_AT_ONCE : BigInt(timeoutSeconds)
}

function isPlain(leg: Leg, directory: AccountDirectory): boolean {
  if (leg.code === TransferCode.credit) return false
  return directory.ledgerOf(leg.debitAccountId) === leg.ledger && directory.ledgerOf(leg.creditAccountId) === leg.ledger
}
