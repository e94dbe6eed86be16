import { type LedgerId, type Leg, type Outcome, type Refusal, TransferCode } from '@kivuko/accounting'
import { accepted, refused, repeated } from '../subject.js'

export interface ModelAccount {
  readonly id: LedgerId
  readonly ledger: number
  readonly limit: 'debits' | 'credits' | 'both' | 'none'
  readonly mostCredits?: bigint
  maximum?: bigint
}

interface Entry {
  readonly leg: Leg
  readonly timeoutSeconds: number | undefined
  state: 'posted' | 'pending' | 'voided' | 'expired'
}

/** The ledger as one would explain it: a list of entries, and every balance a sum over all of it. */
export class Model {
  readonly accounts = new Map<LedgerId, ModelAccount>()
  readonly entries = new Map<LedgerId, Entry>()

  write(chain: readonly Leg[], timeoutSeconds: number | undefined): Outcome {
    if (chain.every((leg) => this.isThere(leg, timeoutSeconds))) return repeated
    const state = timeoutSeconds === undefined ? 'posted' : 'pending'
    for (const [index, leg] of chain.entries()) {
      const refusal = this.refusal(leg)
      if (refusal !== undefined) {
        for (const { id } of chain.slice(0, index)) this.entries.delete(id)
        return refused(refusal, index)
      }
      this.entries.set(leg.id, { leg, timeoutSeconds, state })
    }
    return accepted
  }

  end(ids: readonly LedgerId[], state: 'posted' | 'voided'): Outcome {
    const reservations = ids.map((id) => this.reservation(id))
    if (reservations.every((entry) => entry?.state === state)) return repeated
    for (const [index, entry] of reservations.entries()) {
      if (entry === undefined) return refused('unknown-reservation', index)
      if (entry.state === 'expired') return refused('expired', index)
      if (entry.state !== 'pending') return refused(`already-${entry.state}`, index)
    }
    for (const entry of reservations) if (entry !== undefined) entry.state = state
    return accepted
  }

  setMaximum(id: LedgerId, maximum: bigint | undefined): Outcome {
    const account = this.accounts.get(id)
    if (account === undefined) return refused('unknown-account')
    if (account.limit !== 'both') return refused('no-maximum')
    if (account.maximum === maximum) return repeated
    if (maximum !== undefined && this.held(id) > maximum) return refused('insufficient-room')
    account.maximum = maximum
    return accepted
  }

  expire(ids: readonly LedgerId[]): void {
    for (const id of ids) {
      const entry = this.entries.get(id)
      if (entry?.state === 'pending') entry.state = 'expired'
    }
  }

  sums(id: LedgerId) {
    const sums = { debitsPosted: 0n, debitsPending: 0n, creditsPosted: 0n, creditsPending: 0n, creditLine: 0n }
    for (const { leg, state } of this.entries.values()) {
      if (state !== 'posted' && state !== 'pending') continue
      const [debits, credits] = state === 'posted' ? (['debitsPosted', 'creditsPosted'] as const) : PENDING
      if (leg.debitAccountId === id) sums[debits] += leg.amount
      if (leg.creditAccountId === id) sums[credits] += leg.amount
      if (leg.code === TransferCode.credit && leg.debitAccountId === id) sums.creditLine -= leg.amount
      if (leg.code === TransferCode.credit && leg.creditAccountId === id) sums.creditLine += leg.amount
    }
    return sums
  }

  held(id: LedgerId): bigint {
    const { creditsPosted, creditsPending, debitsPosted, creditLine } = this.sums(id)
    return creditsPosted + creditsPending - debitsPosted - creditLine
  }

  private refusal(leg: Leg): Refusal | undefined {
    if (this.entries.has(leg.id)) return 'exists-with-different-content'
    const debit = this.accounts.get(leg.debitAccountId)
    const credit = this.accounts.get(leg.creditAccountId)
    if (debit === undefined) return 'unknown-debit-account'
    if (credit === undefined) return 'unknown-credit-account'
    if (debit.ledger !== leg.ledger || credit.ledger !== leg.ledger) return 'different-ledgers'
    const payer = this.sums(debit.id)
    const isFunded = payer.creditsPosted - payer.debitsPosted - payer.debitsPending >= leg.amount
    if ((debit.limit === 'debits' || debit.limit === 'both') && !isFunded) return 'insufficient-funds'
    const payee = this.sums(credit.id)
    const hasRoom = payee.debitsPosted - payee.creditsPosted - payee.creditsPending >= leg.amount
    if (credit.limit === 'credits' && !hasRoom) return 'insufficient-room'
    const credits = payee.creditsPosted + payee.creditsPending + leg.amount
    if (credit.mostCredits !== undefined && credits > credit.mostCredits) return 'insufficient-room'
    if (credit.maximum === undefined || leg.code === TransferCode.credit) return undefined
    return this.held(credit.id) + leg.amount > credit.maximum ? 'insufficient-room' : undefined
  }

  private reservation(id: LedgerId): Entry | undefined {
    const entry = this.entries.get(id)
    return entry?.timeoutSeconds === undefined ? undefined : entry
  }

  private isThere(leg: Leg, timeoutSeconds: number | undefined): boolean {
    const entry = this.entries.get(leg.id)
    if (entry === undefined || entry.timeoutSeconds !== timeoutSeconds) return false
    return JSON.stringify(entry.leg, asText) === JSON.stringify(leg, asText)
  }
}

const PENDING = ['debitsPending', 'creditsPending'] as const

function asText(_key: string, value: unknown): unknown {
  return typeof value === 'bigint' ? value.toString() : value
}
