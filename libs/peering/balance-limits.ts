import { MAX_AMOUNT } from '@kivuko/accounting'
import { DomainError } from '@kivuko/platform'
import type { PeerRow } from './peer.entity.js'
import type { BalanceLimits } from './peer.js'

/**
 * How far the balance may fall below zero; below zero itself: the minimum to be held. The two are one number, since
 * both shift the floor that the ledger keeps.
 */
export function lineOf({ creditLine, minimum }: Partial<BalanceLimits> = {}): bigint {
  return creditLine || -(minimum ?? 0n)
}

/** The line after a change: what is absent stays, and null (or 0) takes away only its own kind. */
export function changedLine(before: bigint, { creditLine, minimum }: Partial<BalanceLimits>): bigint {
  if (creditLine || minimum) return lineOf({ creditLine, minimum })
  const isTakenAway = before > 0n ? creditLine !== undefined : minimum !== undefined
  return isTakenAway ? 0n : before
}

export function balanceLimitsOf(row: Pick<PeerRow, 'creditLine' | 'maximumBalance'>): BalanceLimits | undefined {
  const { creditLine: line, maximumBalance: maximum } = row
  if (line === 0n && maximum === null) return undefined
  return Object.freeze({ creditLine: line > 0n ? line : null, minimum: line < 0n ? -line : null, maximum })
}

/** What can be said of the limits themselves; whether the balance lies between them is the ledger's to say. */
export function checkBalanceLimits(limits: Partial<BalanceLimits> = {}): void {
  for (const [name, amount] of Object.entries(limits)) {
    if (amount === null || amount === undefined || (amount >= 0n && amount <= MAX_AMOUNT)) continue
    throw invalid(`balanceLimits.${name} is between 0 and ${MAX_AMOUNT}, found ${amount}`)
  }
  const { creditLine, minimum, maximum } = limits
  if (creditLine && minimum) {
    throw invalid(
      `A balance has either a credit line (${creditLine}) or a minimum to be held (${minimum}); give one of them`,
    )
  }
  if (minimum && typeof maximum === 'bigint' && minimum > maximum) {
    throw invalid(`The minimum (${minimum}) is above the maximum (${maximum}); nothing could be held`)
  }
}

function invalid(message: string): DomainError {
  return new DomainError('invalid', 'InvalidBalanceLimits', message)
}
