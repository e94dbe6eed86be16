import { randomUUID } from 'node:crypto'
import { type Ledger, MAX_AMOUNT } from '@kivuko/accounting'
import {
  type Asset,
  type AssetsService,
  isUuid,
  Liquidity,
  type LiquidityTransfer,
  type LiquidityWithdrawal,
  type TenantScope,
} from '@kivuko/assets'
import type { Clock, DataSource, Db, Page, PageRequest } from '@kivuko/platform'
import type { RoutingTable } from '@kivuko/routing'
import type { TenantsService } from '@kivuko/tenants'
import { BalanceChanges } from './balance-changes.js'
import { checkAmounts, checkHttp, checkPublic, checkRoutes, checkStaticIlpAddress, checkTokenCount } from './checks.js'
import { explainWrite, invalidInitialLiquidity, tooMany, unknownPeer } from './errors.js'
import type { PeerRow } from './peer.entity.js'
import type { IncomingHttp, NewPeer, Peer, PeerChange } from './peer.js'
import type { PeerRegistry } from './peer-registry.js'
import type { PeerRows } from './peer-rows.js'
import {
  addTokens,
  insertPeer,
  isAssetUsedByPeer,
  lockPeer,
  markPeerDeleted,
  readPeerEvenDeleted,
  readPeersPage,
  replaceTokens,
  updatePeer,
} from './peers.queries.js'

/** Which peer a liquidity call is about. */
export interface PeerOf {
  readonly tenantId: TenantScope
  readonly peerId: string
}

// All are held in memory with their tokens and routes.
const MAX_PEERS = 100_000

/** Peers, what leads to them and what they hold. All are in memory; rows come first, ledger accounts after commit. */
export class PeersService {
  private readonly money: Liquidity
  private readonly balanceChanges: BalanceChanges

  constructor(
    private readonly dataSource: DataSource,
    private readonly registry: PeerRegistry,
    private readonly rows: PeerRows,
    private readonly assets: AssetsService,
    private readonly tenants: TenantsService,
    ledger: Ledger,
    private readonly clock: Clock,
  ) {
    this.money = new Liquidity(ledger)
    this.balanceChanges = new BalanceChanges(dataSource, registry)
    assets.refuseDeletionWhile('a peer', isAssetUsedByPeer)
  }

  /** Which peers lead to an address, per tenant; fed from the peers' own addresses and routes. */
  get routing(): RoutingTable {
    return this.registry.memory.routing
  }

  async create(peer: NewPeer): Promise<Peer> {
    const asset = await this.checkNew(peer)
    const values = this.rows.ofNew(peer, randomUUID(), asset.tenantId)
    const writing = this.dataSource.transaction(async (db) => {
      await this.assets.hold(db, asset.tenantId, asset.id)
      await insertPeer(db, values)
      await replaceTokens(db, values, peer.http.incoming?.authTokens ?? [])
      await this.registry.announce(db, values.id)
    })
    await writing.catch((error: unknown) => {
      throw explainWrite(error, values.staticIlpAddress)
    })
    return this.committed(values.id)
  }

  async update(tenantId: TenantScope, id: string, change: PeerChange): Promise<Peer> {
    const peer = await this.registry.required(tenantId, id)
    await this.checkChange(peer, change)
    const writing = this.dataSource.transaction(async (db) => {
      const row = await lockPeer(db, id)
      if (row === null) throw unknownPeer(id)
      await updatePeer(db, id, this.rows.ofChange(change, row))
      if (change.http?.incoming) await this.changeTokens(db, row, change.http.incoming)
      await this.registry.announce(db, id)
    })
    const staticIlpAddress = change.staticIlpAddress ?? peer.staticIlpAddress
    await writing.catch((error: unknown) => {
      throw explainWrite(error, staticIlpAddress)
    })
    const changed = await this.committed(id)
    if (change.balanceLimits) await this.balanceChanges.settle(changed)
    return changed
  }

  /** Its tokens and routes end at once. What its account holds can still be withdrawn under the same id. */
  async delete(tenantId: TenantScope, id: string): Promise<Peer> {
    const peer = await this.registry.required(tenantId, id)
    await this.dataSource.transaction(async (db) => {
      if ((await lockPeer(db, id)) === null) throw unknownPeer(id)
      await markPeerDeleted(db, id)
      await this.registry.announce(db, id)
    })
    await this.registry.committed(id)
    return peer
  }

  get(tenantId: TenantScope, id: string): Promise<Peer> {
    return this.registry.required(tenantId, id)
  }

  async byAddressAndAsset(tenantId: TenantScope, staticIlpAddress: string, assetId: string): Promise<Peer | undefined> {
    const peer = this.registry.memory.findByAddress(assetId, staticIlpAddress)
    return tenantId === undefined || peer?.tenantId === tenantId ? peer : undefined
  }

  /** Of any tenant, from memory alone. */
  find(id: string): Peer | undefined {
    return this.registry.memory.find(id)
  }

  /** Those of every tenant, from memory alone. */
  all(): Iterable<Peer> {
    return this.registry.memory.all()
  }

  /** Those of every tenant that are watched for running low, from memory alone. */
  withLiquidityThreshold(): Peer[] {
    return Array.from(this.registry.memory.all()).filter(({ liquidityThreshold }) => liquidityThreshold !== null)
  }

  /** Whose bearer token this is, from memory alone. */
  byToken(token: string): Peer | undefined {
    return this.registry.memory.findByToken(token)
  }

  /** Whether a token that no peer has may be a JWT of one. */
  mayBeJwt(token: string): boolean {
    return this.registry.memory.jwts.mayBe(token)
  }

  /** Whose JWT this is, by its subject, signature and expiry. */
  async byJwt(token: string): Promise<Peer | undefined> {
    const id = await this.registry.memory.jwts.peerOf(token, this.clock.nowMs())
    return id === undefined ? undefined : this.registry.memory.find(id)
  }

  async list(tenantId: TenantScope, page: PageRequest = {}): Promise<Page<Peer>> {
    const found = await readPeersPage(this.dataSource.manager, tenantId, page)
    return { ...found, rows: await Promise.all(found.rows.map((row) => this.rows.toPeer(row))) }
  }

  /** What the peer's account holds; 0 for one not yet opened. */
  async liquidity(id: string): Promise<bigint> {
    const held = await this.money.of([id])
    return held.get(id) ?? 0n
  }

  /** For several peers in one reading of the ledger. */
  liquidities(ids: readonly string[]): Promise<ReadonlyMap<string, bigint>> {
    return this.money.of(ids)
  }

  async depositLiquidity(deposit: LiquidityTransfer & PeerOf): Promise<void> {
    const peer = await this.registry.required(deposit.tenantId, deposit.peerId)
    await this.money.deposit(await this.registry.account(peer), deposit)
  }

  /** Also from a deleted peer's account. */
  async withdrawLiquidity(withdrawal: LiquidityWithdrawal & PeerOf): Promise<void> {
    const { tenantId, peerId } = withdrawal
    const row = isUuid(peerId) ? await readPeerEvenDeleted(this.dataSource.manager, peerId) : null
    if (row === null || (tenantId !== undefined && row.tenantId !== tenantId)) throw unknownPeer(peerId)
    await this.money.withdraw(await this.registry.account(row), withdrawal)
  }

  private async changeTokens(db: Db, row: PeerRow, { authTokens, keepEarlierTokens }: IncomingHttp): Promise<void> {
    if (!authTokens) return
    if (keepEarlierTokens) checkTokenCount(await addTokens(db, row, authTokens))
    else await replaceTokens(db, row, authTokens)
  }

  private async committed(id: string): Promise<Peer> {
    await this.registry.committed(id)
    return this.registry.required(undefined, id)
  }

  private async checkNew(peer: NewPeer): Promise<Asset> {
    checkAmounts(peer)
    checkHttp(peer.http)
    checkRoutes(peer.routes ?? [])
    this.balanceChanges.checkNew(peer)
    const { initialLiquidity } = peer
    if (initialLiquidity && (initialLiquidity < 0n || initialLiquidity > MAX_AMOUNT)) {
      throw invalidInitialLiquidity(initialLiquidity, MAX_AMOUNT)
    }
    if (this.registry.memory.size >= MAX_PEERS) throw tooMany('TooManyPeers', 'Peers of one node', MAX_PEERS)
    const asset = await this.assets.get(peer.tenantId, peer.assetId)
    if (this.rows.confines(asset.tenantId)) checkPublic(peer.http)
    await this.checkAddress(peer.staticIlpAddress, asset.tenantId)
    return asset
  }

  private async checkChange(peer: Peer, change: PeerChange): Promise<void> {
    checkAmounts(change)
    if (change.http) checkHttp(change.http, peer)
    if (change.http && peer.isConfined) checkPublic(change.http)
    if (change.routes) checkRoutes(change.routes)
    const address = change.staticIlpAddress ?? peer.staticIlpAddress
    if (address !== peer.staticIlpAddress) await this.checkAddress(address, peer.tenantId)
    if (change.balanceLimits) await this.balanceChanges.check(peer, change.balanceLimits)
  }

  private async checkAddress(address: string, tenantId: string): Promise<void> {
    const { ilpAddress } = await this.tenants.settings(tenantId)
    checkStaticIlpAddress(address, ilpAddress)
  }
}
