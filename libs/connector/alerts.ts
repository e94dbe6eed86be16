import { randomUUID } from 'node:crypto'
import type { Clock } from '@kivuko/platform'

/**
 * `peer-unreachable`: a next hop cannot be reached, or is left alone for a while. `no-liquidity-at-peer`: a next hop refuses packets with T04, so that we have to pay it, or it us. `unresolved`: a next
 * hop never answered. `fulfilled-late`: it counts a packet that we have rejected. `unconfirmed`: the ledger did not
 * confirm a post or a void.
 */
export type AlertKind = 'peer-unreachable' | 'no-liquidity-at-peer' | 'unresolved' | 'fulfilled-late' | 'unconfirmed'

/** Whose account something happened to; nobody's concerns the node as a whole. */
export interface AlertedAccount {
  readonly id: string
  readonly tenantId: string
}

export interface Alert {
  readonly id: string
  readonly kind: AlertKind
  readonly account: AlertedAccount | undefined
  /** The address that refused, as the last reject of this kind named it. */
  readonly triggeredBy: string
  readonly message: string
  readonly count: number
  readonly createdAtMs: number
  readonly updatedAtMs: number
}

export type Alarm = Pick<Alert, 'kind' | 'account' | 'triggeredBy' | 'message'>

// One per account and kind; of more accounts than this in trouble the longest quiet one is forgotten.
const MAX_ALERTS = 1_000
// Peers write these texts.
const MAX_TEXT = 200

/**
 * What a person should look at, in this process since it started: one for each account and kind, with how often it
 * happened, so that no peer's words fill the list. Dismissed ones come back when it happens again.
 */
export class Alerts {
  private readonly byKey = new Map<string, Alert>()

  constructor(
    private readonly clock: Clock,
    private readonly maxAlerts = MAX_ALERTS,
  ) {}

  raise({ kind, account, triggeredBy, message }: Alarm): void {
    const key = `${kind} ${account?.id ?? ''}`
    const nowMs = this.clock.nowMs()
    const known = this.byKey.get(key)
    const { id, createdAtMs, count } = known ?? { id: randomUUID(), createdAtMs: nowMs, count: 0 }
    const texts = { triggeredBy: triggeredBy.slice(0, MAX_TEXT), message: message.slice(0, MAX_TEXT) }
    // Written anew, it is the youngest of the map.
    this.byKey.delete(key)
    this.byKey.set(key, { id, kind, account, ...texts, count: count + 1, createdAtMs, updatedAtMs: nowMs })
    if (this.byKey.size > this.maxAlerts) this.forgetOldest()
  }

  /** The latest first; a tenant's own, or, undefined, everybody's and the node's. */
  latest(tenantId: string | undefined, limit: number): Alert[] {
    return [...this.byKey.values()]
      .filter(({ account }) => isSeenBy(tenantId, account))
      .reverse()
      .slice(0, limit)
  }

  /** False when there is no such alert, or it is another tenant's. */
  dismiss(tenantId: string | undefined, id: string): boolean {
    for (const [key, alert] of this.byKey) {
      if (alert.id === id && isSeenBy(tenantId, alert.account)) return this.byKey.delete(key)
    }
    return false
  }

  private forgetOldest(): void {
    const [oldest] = this.byKey.keys()
    if (oldest !== undefined) this.byKey.delete(oldest)
  }
}

function isSeenBy(tenantId: string | undefined, account: AlertedAccount | undefined): boolean {
  return tenantId === undefined || account?.tenantId === tenantId
}
