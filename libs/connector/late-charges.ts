import {
  type Ledger,
  type LedgerId,
  type Leg,
  lateChargeIds,
  legId,
  type Outcome,
  shortfallAccount,
} from '@kivuko/accounting'
import { assert, InvariantError, type Logger } from '@kivuko/platform'
import type { BookDifference, DifferenceLog } from './book-differences.js'
import { ask } from './ledger-confirmations.js'

/** A packet that was fulfilled in time: what its reservation was, and who stands at its two sides. */
export interface FulfilledCharge {
  readonly packetId: LedgerId
  readonly legs: readonly Leg[]
  readonly source: { readonly kind: 'peer' | 'payment'; readonly id: string; readonly tenantId: string }
  readonly sourceAccountId: LedgerId
  readonly destination: { readonly id: string; readonly tenantId: string; readonly accountId: LedgerId }
}

/** What each account can do of its part; accounts that are absent can do all of it. */
interface Limits {
  readonly funds: Map<LedgerId, bigint>
  readonly withoutRoom: Set<LedgerId>
}

type Refused = Extract<Outcome, { kind: 'refused' }>

const FIRST_RETRY_MS = 100
const LONGEST_RETRY_MS = 5_000
// Funds may change between a look and a charge, each time anew; after so many the shortfall account pays all of it.
const MAX_PLANS = 12

/**
 * Charges packets that were fulfilled in time and whose reservation had ended before its post. The next hop charges us for
 * them, so their sources are charged: what one lacks comes from the shortfall account of the asset, and what a next hop's
 * account has no room for goes there. Both are listed.
 */
export class LateCharges {
  constructor(
    private readonly ledger: Ledger,
    private readonly differences: DifferenceLog,
    private readonly logger: Logger,
  ) {}

  /** Resolves when the packet is charged: once, also where two processes do it at the same time. */
  async charge(charge: FulfilledCharge): Promise<void> {
    const limits: Limits = { funds: new Map(), withoutRoom: new Set() }
    const ids = lateChargeIds(charge.packetId)
    let id = nextOf(ids)
    const further = ids.length
    for (let plans = 0; plans < MAX_PLANS; plans++) {
      const legs = plannedLegs(charge, limits, id)
      if (limits.funds.size + limits.withoutRoom.size > 0) await this.openShortfallAccounts(charge)
      // Before the money moves: what is charged by a process that is killed then is listed all the same.
      await this.list(charge, limits)
      const outcome = await this.transfer(legs)
      if (outcome.kind === 'accepted') return this.list(charge, limits)
      if (await this.isChargedAlready(charge.packetId)) return
      // What a ledger has refused it may remember: then under the next id.
      if (outcome.refusal === 'already-refused') id = nextOf(ids)
      // Each refusal may take an id: the third plan is refused for want of room at most.
      else await this.learn(limits, legs, outcome, charge, plans > MAX_PLANS / 2 || ids.length < further)
    }
    this.logger.error(
      { packet: String(charge.packetId) },
      'a fulfilled packet could not be charged late; see the audit',
    )
  }

  private async transfer(legs: readonly Leg[]): Promise<Exclude<Outcome, { kind: 'unknown' }>> {
    for (let waitMs = FIRST_RETRY_MS; ; waitMs = Math.min(2 * waitMs, LONGEST_RETRY_MS)) {
      const outcome = await ask(() => this.ledger.transfer(legs))
      if (outcome.kind !== 'unknown') return outcome
      await new Promise((resolve) => setTimeout(resolve, waitMs))
    }
  }

  private async openShortfallAccounts({ legs }: FulfilledCharge): Promise<void> {
    const ledgers = [...new Set(legs.map(({ ledger }) => ledger))]
    await untilAccepted(() => this.ledger.openAccounts(ledgers.map((ledger) => shortfallAccount({ ledger }))))
  }

  private async isChargedAlready(packetId: LedgerId): Promise<boolean> {
    const found = await untilRead(() => this.ledger.lookup(lateChargeIds(packetId)))
    return found.size > 0
  }

  private async learn(
    { funds, withoutRoom }: Limits,
    legs: readonly Leg[],
    { leg, refusal }: Refused,
    { legs: charged }: FulfilledCharge,
    paysNothing: boolean,
  ): Promise<void> {
    const refused = legs[leg]
    assert(refused !== undefined, 'a refusal of the ledger names a leg of its chain')
    if (refusal === 'insufficient-room') {
      withoutRoom.add(refused.creditAccountId)
      return
    }
    assert(refusal === 'insufficient-funds', `a late charge is only refused for want of funds or room, not: ${refusal}`)
    const accountId = refused.debitAccountId
    const balance = (await untilRead(() => this.ledger.balances([accountId]))).get(accountId)
    assert(balance !== undefined, 'an account that lacks funds is open')
    const left = balance.creditsPosted - balance.debitsPosted - balance.debitsPending
    funds.set(accountId, left < 0n ? 0n : left)
    if (paysNothing) for (const { debitAccountId } of charged) funds.set(debitAccountId, 0n)
  }

  /** With the amounts of this plan, whatever was listed of an earlier one. */
  private async list(charge: FulfilledCharge, { funds, withoutRoom }: Limits): Promise<void> {
    const { source, destination, legs } = charge
    const paidBySource = legs.filter(({ debitAccountId }) => debitAccountId === charge.sourceAccountId)
    const missing = sum(paidBySource) - (funds.get(charge.sourceAccountId) ?? sum(paidBySource))
    const isPeer = source.kind === 'peer'
    const of = { ledgerId: charge.packetId, tenantId: source.tenantId, condition: undefined }
    const sides = { sourcePeerId: isPeer ? source.id : undefined, paymentId: isPeer ? undefined : source.id }
    const found: BookDifference[] = []
    if (missing > 0n) {
      found.push({ ...of, ...sides, kind: 'shortfall', peerId: isPeer ? source.id : undefined, amount: missing })
    }
    const credited = sum(legs.filter(({ creditAccountId }) => creditAccountId === destination.accountId))
    if (withoutRoom.has(destination.accountId)) {
      found.push({ ...of, ...sides, kind: 'beyond-maximum', peerId: destination.id, amount: credited })
    }
    for (const difference of found) await untilRead(() => this.differences.note(difference))
  }
}

/** The legs of the reservation, each paid as far as its debit account can, the rest by the shortfall account. */
function plannedLegs({ legs }: FulfilledCharge, { funds, withoutRoom }: Limits, id: LedgerId): Leg[] {
  const left = new Map(funds)
  const planned = legs.flatMap((leg) => {
    const shortfallId = shortfallAccount(leg).id
    const inAccount = left.get(leg.debitAccountId) ?? leg.amount
    const paid = min(inAccount, leg.amount)
    if (left.has(leg.debitAccountId)) left.set(leg.debitAccountId, inAccount - paid)
    const creditAccountId = withoutRoom.has(leg.creditAccountId) ? shortfallId : leg.creditAccountId
    const parts = [
      { ...leg, creditAccountId, amount: paid },
      { ...leg, debitAccountId: shortfallId, creditAccountId, amount: leg.amount - paid },
    ]
    return parts.filter(({ amount, debitAccountId }) => amount > 0n && debitAccountId !== creditAccountId)
  })
  return planned.map((leg, index) => ({ ...leg, id: legId(id, index) }))
}

function nextOf(ids: LedgerId[]): LedgerId {
  const id = ids.shift()
  assert(id !== undefined, 'a packet is charged late under one of its ids')
  return id
}

function min(a: bigint, b: bigint): bigint {
  return a < b ? a : b
}

function sum(legs: readonly Leg[]): bigint {
  return legs.reduce((total, { amount }) => total + amount, 0n)
}

async function untilAccepted(call: () => Promise<Outcome>): Promise<void> {
  const outcome = await untilRead(async () => {
    const answer = await call()
    if (answer.kind === 'unknown') throw new Error(answer.message)
    return answer
  })
  assert(outcome.kind === 'accepted', 'the shortfall account of an asset can be opened')
}

/** However long the ledger or the database is away. */
async function untilRead<T>(call: () => Promise<T>): Promise<T> {
  for (let waitMs = FIRST_RETRY_MS; ; waitMs = Math.min(2 * waitMs, LONGEST_RETRY_MS)) {
    try {
      return await call()
    } catch (error) {
      if (error instanceof InvariantError) throw error
      await new Promise((resolve) => setTimeout(resolve, waitMs))
    }
  }
}
