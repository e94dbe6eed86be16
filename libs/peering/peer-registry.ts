import { AccountCode, derivedId, idFromUuid, type Ledger, uuidFromId } from '@kivuko/accounting'
import {
  AccountOpening,
  type AccountOwner,
  type Asset,
  type AssetsService,
  EventLiquidity,
  isUuid,
  type LiquidityAccount,
  TableMirror,
  type TenantScope,
} from '@kivuko/assets'
import type { ChangeFeed, DataSource, Db } from '@kivuko/platform'
import { BalanceBounds, boundPeer } from './balance-bounds.js'
import { unknownPeer } from './errors.js'
import type { PeerRow } from './peer.entity.js'
import type { Peer } from './peer.js'
import { PeerMemory } from './peer-memory.js'
import type { PeerRows } from './peer-rows.js'
import { clearPendingDeposit, readPeers, readTokenDigests } from './peers.queries.js'

/** All peers in memory with their tokens and routes, each with its ledger account open. */
export class PeerRegistry {
  readonly memory = new PeerMemory()
  readonly bounds: BalanceBounds
  private readonly mirror: TableMirror
  private readonly accounts: AccountOpening
  private readonly money: EventLiquidity

  constructor(
    private readonly dataSource: DataSource,
    feed: ChangeFeed,
    ledger: Ledger,
    private readonly assets: AssetsService,
    private readonly rows: PeerRows,
  ) {
    this.mirror = new TableMirror(feed, 'peers', (ids) => this.read(ids))
    this.accounts = new AccountOpening(ledger)
    this.money = new EventLiquidity(ledger)
    this.bounds = new BalanceBounds(ledger)
  }

  start(): Promise<void> {
    return this.mirror.start()
  }

  announce(db: Db, id: string): Promise<void> {
    return this.mirror.announce(db, id)
  }

  /** Brings memory up to the caller's commit. */
  committed(id: string): Promise<void> {
    return this.mirror.refreshCommitted(id)
  }

  /** From memory; what memory does not know is looked for in the table, since another process may just have made it. */
  async required(tenantId: TenantScope, id: string): Promise<Peer> {
    if (this.memory.find(id) === undefined && isUuid(id)) await this.mirror.refreshCommitted(id)
    const peer = this.memory.find(id)
    if (peer === undefined || (tenantId !== undefined && peer.tenantId !== tenantId)) throw unknownPeer(id)
    return peer
  }

  /** The account of a peer, also of a deleted one, as money moves in and out of it. */
  async account({ id, assetId }: Pick<PeerRow, 'id' | 'assetId'>): Promise<LiquidityAccount> {
    return this.accounts.asLiquidity(owner(id, await this.assets.get(undefined, assetId)))
  }

  private async read(ids: readonly string[] | undefined): Promise<void> {
    const db = this.dataSource.manager
    const [rows, digests] = await Promise.all([readPeers(db, ids), readTokenDigests(db, ids)])
    const found = await Promise.all(rows.map(async (row) => ({ row, peer: await this.rows.toPeer(row) })))
    const gone = new Set(ids ?? this.memory.ids())
    for (const { row, peer } of found) {
      this.memory.put(peer, digests.get(peer.id) ?? [], this.rows.incomingJwt(row))
      gone.delete(peer.id)
    }
    for (const id of gone) this.forget(id)
    await this.accounts.ensure(found.map(({ peer: { id, asset } }) => owner(id, asset)))
    for (const row of rows) await this.depositPending(row)
    // A refusal is told to whoever changed the limits.
    await this.bounds.apply(found.map(({ row, peer: { asset } }) => boundPeer(row, asset)))
  }

  private forget(id: string): void {
    this.memory.remove(id)
    this.accounts.forget(id)
  }

  // The id follows from the peer's, so that processes doing this at once, or again after a crash, do it once.
  private async depositPending({ id, assetId, pendingDeposit }: PeerRow): Promise<void> {
    if (pendingDeposit === null) return
    const eventId = uuidFromId(derivedId('initial-liquidity', id))
    await this.money.deposit(await this.account({ id, assetId }), { eventId, amount: pendingDeposit })
    await clearPendingDeposit(this.dataSource.manager, id)
  }
}

// Opened with room for a maximum balance, which the operator may set later: an account's kind of limit never changes.
function owner(id: string, asset: Asset): AccountOwner {
  return { id, asset, account: { id: idFromUuid(id), ledger: asset.ledger, code: AccountCode.peer, limit: 'both' } }
}
