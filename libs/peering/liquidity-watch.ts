import { available, idFromUuid, type Ledger } from '@kivuko/accounting'
import type { Asset, AssetsService } from '@kivuko/assets'
import type { DataSource, Db } from '@kivuko/platform'
import type { WebhooksService, WebhookType } from '@kivuko/webhooks'
import { type LiquidityLow, latestLows, markLow, readLows, unmarkLow } from './liquidity-lows.queries.js'
import type { PeersService } from './peers.service.js'

/** An account whose owner is told when it runs low. */
interface Watched {
  readonly kind: 'asset' | 'peer'
  readonly id: string
  readonly tenantId: string
  readonly asset: Asset
  readonly threshold: bigint
}

type Side = 'low' | 'high'

// Balances of this many accounts come in one reading of the ledger.
const PAGE = 1_000

const types = {
  asset: { low: 'asset.liquidity_low', high: 'asset.liquidity_high' },
  peer: { low: 'peer.liquidity_low', high: 'peer.liquidity_high' },
} as const satisfies Record<Watched['kind'], Record<Side, WebhookType>>

/**
 * Tells the operator of liquidity at or below its threshold, and of liquidity that is back above it: once for each
 * crossing, whichever process sees it first, and not again after a restart. It looks now and then, so that a packet
 * costs nothing; a balance that falls and recovers between two looks is not told about.
 */
export class LiquidityWatch {
  constructor(
    private readonly dataSource: DataSource,
    private readonly ledger: Ledger,
    private readonly assets: AssetsService,
    private readonly peers: PeersService,
    private readonly webhooks: WebhooksService,
  ) {}

  async sweep(): Promise<void> {
    const watched = this.watched()
    const lows = await readLows(this.dataSource.manager)
    let told = 0
    for (let start = 0; start < watched.length; start += PAGE) {
      told += await this.look(watched.slice(start, start + PAGE), lows)
    }
    await this.forgetUnwatched(watched, lows)
    if (told > 0) await this.webhooks.ring()
  }

  /** Who is low now, as it was told; the latest first. */
  lows(tenantId: string | undefined, limit: number): Promise<LiquidityLow[]> {
    return latestLows(this.dataSource.manager, tenantId, limit)
  }

  private watched(): Watched[] {
    const assets = this.assets.withLiquidityThreshold().map((asset) => watch('asset', asset, asset))
    const peers = this.peers.withLiquidityThreshold().map((peer) => watch('peer', peer, peer.asset))
    return [...assets, ...peers].filter((account) => account !== undefined)
  }

  private async look(accounts: readonly Watched[], lows: ReadonlySet<string>): Promise<number> {
    const balances = await this.ledger.balances(accounts.map(({ id }) => idFromUuid(id)))
    let told = 0
    for (const account of accounts) {
      const balance = balances.get(idFromUuid(account.id))
      if (balance === undefined) continue
      const held = available(balance)
      const isLow = held <= account.threshold
      if (isLow === lows.has(account.id)) continue
      if (await this.tell(account, isLow ? 'low' : 'high', held)) told++
    }
    return told
  }

  /** The row that is made or deleted decides who tells, and keeps the order of what is told about one account. */
  private tell(account: Watched, side: Side, balance: bigint): Promise<boolean> {
    const { kind, id, tenantId, asset, threshold } = account
    return this.dataSource.transaction(async (db: Db) => {
      const isFirst = side === 'low' ? await markLow(db, id, tenantId) : await unmarkLow(db, id)
      if (!isFirst) return false
      const { id: assetId, code, scale } = asset
      const data = { id, asset: { id: assetId, code, scale }, liquidityThreshold: threshold, balance }
      await this.webhooks.record(db, { tenantId, type: types[kind][side], data, resource: id })
      return true
    })
  }

  /** Who lost its threshold, or was deleted, is neither low nor high; with a new threshold it is told anew. */
  private async forgetUnwatched(watched: readonly Watched[], lows: ReadonlySet<string>): Promise<void> {
    const kept = new Set(watched.map(({ id }) => id))
    for (const id of lows) if (!kept.has(id)) await unmarkLow(this.dataSource.manager, id)
  }
}

function watch(
  kind: Watched['kind'],
  { id, tenantId, liquidityThreshold: threshold }: Pick<Asset, 'id' | 'tenantId' | 'liquidityThreshold'>,
  asset: Asset,
): Watched | undefined {
  return threshold === null ? undefined : { kind, id, tenantId, asset, threshold }
}
