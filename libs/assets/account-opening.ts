import { assetAccounts, type Ledger, type LedgerAsset, type NewAccount } from '@kivuko/accounting'
import { assert } from '@kivuko/platform'
import type { LiquidityAccount } from './liquidity.js'
import { ledgerUnavailable } from './liquidity-errors.js'

/** A row whose ledger account is opened after its commit; its id is the row's. */
export interface AccountOwner {
  readonly id: string
  readonly asset: LedgerAsset
  readonly account: NewAccount
}

/** Accounts that are opened together. */
interface Opening {
  readonly id: string
  readonly accounts: readonly NewAccount[]
}

// One call's worth of rows: a start with many rows asks in several calls instead of one without bound.
const ROWS_PER_CALL = 256

// About 15 MB: as many as there may be peers and assets. Accounts of rows beyond it are looked up again.
const MAX_KNOWN = 150_000

/**
 * Opens the accounts that the ledger lacks: of new rows, and of rows whose process ended between its commit and its
 * ledger. The asset's accounts are opened first, so that an account is never open without its settlement account.
 * Opening twice is harmless; rows whose accounts are known to be open cost nothing.
 */
export class AccountOpening {
  /** The least recently opened first. */
  private readonly known = new Set<string>()

  constructor(
    private readonly ledger: Ledger,
    private readonly maxKnown = MAX_KNOWN,
  ) {}

  async ensureAssets(assets: readonly LedgerAsset[]): Promise<void> {
    const distinct = new Map(assets.map((asset) => [asset.id, asset]))
    await this.openMissing(Array.from(distinct.values(), (asset) => ({ id: asset.id, accounts: assetAccounts(asset) })))
  }

  async ensure(owners: readonly AccountOwner[]): Promise<void> {
    await this.ensureAssets(owners.map(({ asset }) => asset))
    await this.openMissing(owners.map(({ id, account }) => ({ id, accounts: [account] })))
  }

  /** For a row just made: opens the account without looking it up first. */
  async open({ id, asset, account }: AccountOwner): Promise<void> {
    await this.ensureAssets([asset])
    await this.ask({ id, accounts: [account] })
  }

  /** For a row whose accounts the ledger turned out to lack. */
  async reopen(owner: AccountOwner): Promise<void> {
    this.forget(owner.asset.id)
    this.forget(owner.id)
    await this.ensure([owner])
  }

  /** The same for an asset. */
  async reopenAsset(asset: LedgerAsset): Promise<void> {
    this.forget(asset.id)
    await this.ensureAssets([asset])
  }

  /** The row is gone; its accounts stay in the ledger. */
  forget(id: string): void {
    this.known.delete(id)
  }

  asLiquidity(owner: AccountOwner): LiquidityAccount {
    const { id, asset } = owner
    return { id, asset, ensureOpen: () => this.ensure([owner]), reopen: () => this.reopen(owner) }
  }

  private async openMissing(openings: readonly Opening[]): Promise<void> {
    const unsure = openings.filter(({ id }) => !this.known.has(id))
    for (let from = 0; from < unsure.length; from += ROWS_PER_CALL) {
      await this.findAndOpen(unsure.slice(from, from + ROWS_PER_CALL))
    }
  }

  private async findAndOpen(openings: readonly Opening[]): Promise<void> {
    const found = await this.ledger.balances(openings.flatMap(({ accounts }) => accounts.map(({ id }) => id)))
    await Promise.all(
      openings.map(async ({ id, accounts }) => {
        const missing = accounts.filter((account) => !found.has(account.id))
        if (missing.length > 0) await this.ask({ id, accounts: missing })
        else this.note(id)
      }),
    )
  }

  /** Throws DomainError('unavailable') when the ledger does not answer. */
  private async ask({ id, accounts }: Opening): Promise<void> {
    const outcome = await this.ledger.openAccounts(accounts)
    if (outcome.kind === 'unknown') throw ledgerUnavailable(outcome.message)
    assert(outcome.kind === 'accepted', `the ledger opens the accounts of row ${id}`)
    this.note(id)
  }

  private note(id: string): void {
    this.known.add(id)
    const [oldest] = this.known
    if (this.known.size > this.maxKnown && oldest !== undefined) this.known.delete(oldest)
  }
}
