import {
  available,
  type Balance,
  creditLineLegs,
  derivedId,
  idFromUuid,
  type Ledger,
  type LedgerAsset,
  type LedgerId,
  type Outcome,
  type Refusal,
} from '@kivuko/accounting'
import { ledgerUnavailable } from './errors.js'
import type { PeerRow } from './peer.entity.js'

/** What a peer's row says of its balance, and the asset it is kept in. */
export interface BoundPeer extends Pick<PeerRow, 'id' | 'creditLine' | 'maximumBalance' | 'balanceLimitsRevision'> {
  readonly asset: LedgerAsset
}

export function boundPeer(row: PeerRow, asset: LedgerAsset): BoundPeer {
  const { id, creditLine, maximumBalance, balanceLimitsRevision } = row
  return { id, creditLine, maximumBalance, balanceLimitsRevision, asset }
}

// One call's worth of balances: a start with many peers asks in several calls instead of one without bound.
const PEERS_PER_CALL = 256

// Of one step of a credit line: an id is spent only when the balance moves between the reading and the step.
const MAX_ATTEMPTS = 16

/**
 * Brings the ledger's credit lines and maximums to what the rows say: after each change, and at the start, should the
 * process that changed a row have ended before its ledger. Any process may do it, and several at once.
 */
export class BalanceBounds {
  constructor(private readonly ledger: Ledger) {}

  /** Refusals by peer id; throws DomainError('unavailable') when the ledger does not answer. */
  async apply(peers: readonly BoundPeer[]): Promise<ReadonlyMap<string, Refusal>> {
    const limited = peers.filter(({ balanceLimitsRevision }) => balanceLimitsRevision > 0)
    const refusals = new Map<string, Refusal>()
    for (let from = 0; from < limited.length; from += PEERS_PER_CALL) {
      const page = limited.slice(from, from + PEERS_PER_CALL)
      const balances = await this.ledger.balances(page.map(({ id }) => idFromUuid(id)))
      for (const peer of page) {
        const refusal = await this.applyTo(peer, balances.get(idFromUuid(peer.id)))
        if (refusal) refusals.set(peer.id, refusal)
      }
    }
    return refusals
  }

  /** What the account holds, to decide by before its limits are changed. */
  async balance(id: string): Promise<Balance | undefined> {
    return (await this.ledger.balances([idFromUuid(id)])).get(idFromUuid(id))
  }

  /** The maximum first: an account may be unable to have one, and then nothing is changed. */
  private async applyTo(peer: BoundPeer, balance: Balance | undefined): Promise<Refusal | undefined> {
    if (balance === undefined) return undefined
    const accountId = idFromUuid(peer.id)
    const maximum = peer.maximumBalance ?? undefined
    const refusal =
      balance.maximum === maximum ? undefined : refusalIn(await this.ledger.setMaximum(accountId, maximum))
    return refusal ?? this.moveCreditLine(peer, balance)
  }

  /** A refused id may be refused for ever: the next one is tried then, and no id is spent on what cannot be. */
  private async moveCreditLine(peer: BoundPeer, balance: Balance): Promise<Refusal | undefined> {
    const change = peer.creditLine - balance.creditLine
    if (change === 0n) return undefined
    if (available(balance) + balance.creditLine + change < 0n) return 'insufficient-funds'
    const accountId = idFromUuid(peer.id)
    for (let attempt = 0; attempt < MAX_ATTEMPTS; attempt += 1) {
      const id = stepId(peer, balance, attempt)
      const legs = creditLineLegs({ id, accountId, asset: peer.asset, change })
      const refusal = refusalIn(await this.ledger.transfer(legs))
      if (refusal !== 'already-refused') return refusal
    }
    return 'already-refused'
  }
}

/** By the change and by where it starts from: whoever takes the same step at the same time takes it once. */
function stepId({ id, balanceLimitsRevision }: BoundPeer, { creditLine }: Balance, attempt: number): LedgerId {
  const step = ['credit-line', idFromUuid(id), BigInt(balanceLimitsRevision), creditLine] as const
  return attempt === 0 ? derivedId(...step) : derivedId(...step, BigInt(attempt))
}

function refusalIn(outcome: Outcome): Refusal | undefined {
  if (outcome.kind === 'unknown') throw ledgerUnavailable(outcome.message)
  return outcome.kind === 'refused' ? outcome.refusal : undefined
}
