import { available, MAX_AMOUNT, type Refusal } from '@kivuko/accounting'
import { assert, type DataSource, DomainError } from '@kivuko/platform'
import { boundPeer } from './balance-bounds.js'
import { changedLine, checkBalanceLimits } from './balance-limits.js'
import type { BalanceLimits, NewPeer, Peer } from './peer.js'
import type { PeerRegistry } from './peer-registry.js'
import { readPeers, setBalanceLimits } from './peers.queries.js'

/** Changes of what a balance may be: decided by the ledger's balance, written to the row, then asked of the ledger. */
export class BalanceChanges {
  constructor(
    private readonly dataSource: DataSource,
    private readonly registry: PeerRegistry,
  ) {}

  /** A new account holds the deposit that comes with it, and nothing else. */
  checkNew({ balanceLimits, initialLiquidity }: Pick<NewPeer, 'balanceLimits' | 'initialLiquidity'>): void {
    checkBalanceLimits(balanceLimits)
    const held = initialLiquidity ?? 0n
    const { minimum, maximum } = balanceLimits ?? {}
    if (minimum && minimum > held) throw outside(`The minimum (${minimum}) is above the initial liquidity (${held})`)
    if (typeof maximum === 'bigint' && maximum < held) {
      throw outside(`The maximum (${maximum}) is below the initial liquidity (${held})`)
    }
  }

  /** Refuses limits that the balance is not between now: a limit that is crossed already would say nothing true. */
  async check(peer: Peer, change: Partial<BalanceLimits>): Promise<void> {
    const { creditLine, minimum, maximum } = peer.balanceLimits ?? {}
    const line = changedLine((creditLine ?? 0n) - (minimum ?? 0n), change)
    const highest = change.maximum === undefined ? maximum : change.maximum
    checkBalanceLimits({ ...change, ...(line < 0n && { minimum: -line, maximum: highest }) })
    const balance = await this.registry.bounds.balance(peer.id)
    if (balance === undefined) return
    const free = available(balance)
    if (free + line < 0n) {
      throw outside(`The balance is ${free} and would have to stay above ${-line}; deposit ${-line - free} more first`)
    }
    const held = balance.creditsPosted + balance.creditsPending - balance.debitsPosted - balance.creditLine
    if (held > (highest ?? MAX_AMOUNT)) {
      throw outside(`The balance is ${held}, above the maximum ${highest}; withdraw ${held - (highest ?? 0n)} first`)
    }
  }

  /** After the commit. What the ledger refuses is taken back: row and ledger say the same. */
  async settle(peer: Peer): Promise<void> {
    const db = this.dataSource.manager
    const [row] = await readPeers(db, [peer.id])
    if (row === undefined) return
    const refusals = await this.registry.bounds.apply([boundPeer(row, peer.asset)])
    const refusal = refusals.get(peer.id)
    if (refusal === undefined) return
    const balance = await this.registry.bounds.balance(peer.id)
    assert(balance, 'an account that refused a limit is open')
    await this.dataSource.transaction(async (transaction) => {
      const { creditLine, maximum: maximumBalance = null } = balance
      await setBalanceLimits(transaction, row, { creditLine, maximumBalance })
      await this.registry.announce(transaction, peer.id)
    })
    await this.registry.committed(peer.id)
    throw refused(peer, refusal)
  }
}

function refused({ id }: Peer, refusal: Refusal): DomainError {
  switch (refusal) {
    case 'no-maximum': {
      const next = 'delete the peer, create it anew and move its liquidity'
      const message = `The ledger account of peer ${id} was opened without room for a maximum, which cannot be added; ${next}`
      return new DomainError('conflict', 'MaximumNotPossible', message)
    }
    case 'insufficient-funds':
    case 'insufficient-room':
    case 'already-refused':
      return outside('The balance moved beyond these limits while they were set; look at it and try again')
    default:
      throw new Error(`the ledger refused the limits of peer ${id}: ${refusal}`)
  }
}

function outside(message: string): DomainError {
  return new DomainError('conflict', 'BalanceOutsideLimits', message)
}
