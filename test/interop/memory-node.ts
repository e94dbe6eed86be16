import {
  AccountCode,
  assetAccounts,
  available,
  depositLegs,
  idFromUuid,
  type LedgerId,
  MemoryLedger,
  timeOrderedId,
  uuidFromId,
} from '@kivuko/accounting'
import type { Asset } from '@kivuko/assets'
import {
  type BookDifference,
  type ConnectorService,
  createConnector,
  type PaymentSource,
  type ReplyWire,
} from '@kivuko/connector'
import { type IncomingJwt, IncomingJwts, type Peer } from '@kivuko/peering'
import { createLogger, Metrics, SystemClock } from '@kivuko/platform'
import { FixedRates } from '@kivuko/rates'
import { RoutingTable } from '@kivuko/routing'
import { StreamTestReceiver } from './stream-test-receiver.js'

const TENANT_ID = '5a95366f-8cb4-4925-88d9-ae57dcb444bb'
export const FUNDS = 10n ** 12n

export interface MemoryNodeOptions {
  readonly ilpAddress: string
  readonly probeAnswer?: 'F05' | 'F99'
  /** Where its door will be, for callbacks. */
  readonly connectorUrl?: string
  readonly wire?: ReplyWire
}

/** A connector without database and doors: the room itself on the memory ledger, with the system's clock. */
export class MemoryNode {
  readonly clock = new SystemClock()
  readonly ledger = new MemoryLedger(this.clock)
  readonly logger = createLogger({ logLevel: 'silent', instanceName: 'interop' })
  readonly receiver: StreamTestReceiver
  readonly connector: ConnectorService
  /** What its books and a peer's may differ by. */
  readonly differences: BookDifference[] = []
  private readonly peers = new Map<string, Peer>()
  private readonly tokens = new Map<string, string>()
  private readonly jwts = new IncomingJwts()
  private readonly routing = new RoutingTable()
  private ledgers = 0

  constructor({ ilpAddress, probeAnswer = 'F05', connectorUrl, wire }: MemoryNodeOptions) {
    this.receiver = new StreamTestReceiver(ilpAddress, probeAnswer)
    this.connector = createConnector({
      config: {
        ilpAddress,
        operatorTenantId: TENANT_ID,
        minMessageWindowMs: 1_000,
        maxHoldTimeMs: 30_000,
        ledgerTwoPhaseTimeoutSeconds: 40,
        ilpConnectorUrl: connectorUrl,
      },
      clock: this.clock,
      logger: this.logger,
      metrics: new Metrics('interop'),
      feed: { isSilent: () => false },
      ledger: this.ledger,
      peers: this.directory,
      rates: new FixedRates({ USD: { EUR: '0.9137', JPY: '151.3' } }),
      receiver: this.receiver,
      wire,
      differences: { note: async (difference) => void this.differences.push(difference) },
    })
  }

  get directory() {
    return {
      find: (id: string) => this.peers.get(id),
      byToken: (token: string) => this.peers.get(this.tokens.get(token) ?? ''),
      mayBeJwt: (token: string) => this.jwts.mayBe(token),
      byJwt: async (token: string) => this.peers.get((await this.jwts.peerOf(token, this.clock.nowMs())) ?? ''),
      routing: this.routing,
    }
  }

  async openAsset(code: string, scale: number): Promise<Asset> {
    this.ledgers++
    const thresholds = { withdrawalThreshold: null, liquidityThreshold: null }
    const createdAt = this.clock.now()
    const asset: Asset = {
      id: this.newUuid(),
      tenantId: TENANT_ID,
      code,
      scale,
      ledger: this.ledgers,
      ...thresholds,
      createdAt,
    }
    await this.ledger.openAccounts(assetAccounts(asset))
    await this.deposit(idFromUuid(asset.id), asset)
    return asset
  }

  async addPeer(
    asset: Asset,
    peer: Pick<Peer, 'staticIlpAddress' | 'outgoingEndpoint'> & Partial<Peer>,
    token: string,
    jwt?: IncomingJwt,
  ): Promise<Peer> {
    const added: Peer = {
      id: this.newUuid(),
      tenantId: TENANT_ID,
      assetId: asset.id,
      asset,
      name: null,
      routes: [],
      maxPacketAmount: null,
      liquidityThreshold: null,
      limits: { packetsPerMinute: null, incomingAmountPerSecond: null, outgoingAmountPerSecond: null },
      outgoingToken: token,
      createdAt: this.clock.now(),
      ...peer,
    }
    this.peers.set(added.id, added)
    this.tokens.set(token, added.id)
    this.jwts.set(added.id, jwt)
    this.routing.setPeer(TENANT_ID, { peerId: added.id, assetId: asset.id }, [added.staticIlpAddress, ...added.routes])
    await this.openAccount(idFromUuid(added.id), asset)
    await this.deposit(idFromUuid(added.id), asset)
    return added
  }

  /** A payment's account with money in it, to send from. */
  async openPayment(asset: Asset, unfulfillable = false): Promise<PaymentSource> {
    const id = this.newUuid()
    const accountId = await this.openAccount(idFromUuid(id), asset)
    await this.deposit(accountId, asset)
    return { kind: 'payment', id, tenantId: TENANT_ID, accountId, asset, unfulfillable }
  }

  /** STREAM credentials that lead to an account of its own in `asset`. */
  async openReceiver(asset: Asset) {
    const id = this.newUuid()
    const accountId = await this.openAccount(idFromUuid(id), asset)
    const credentials = this.receiver.open({ kind: 'incoming-payment', id, tenantId: TENANT_ID, accountId, asset })
    return { ...credentials, accountId }
  }

  async held(accountId: LedgerId): Promise<bigint> {
    const balance = (await this.ledger.balances([accountId])).get(accountId)
    if (!balance) throw new Error(`account ${accountId} is not open`)
    return available(balance)
  }

  private async openAccount(id: LedgerId, asset: Asset): Promise<LedgerId> {
    await this.ledger.openAccounts([{ id, ledger: asset.ledger, code: AccountCode.peer, limit: 'debits' }])
    return id
  }

  private async deposit(accountId: LedgerId, asset: Asset): Promise<void> {
    const id = timeOrderedId(this.clock.nowMs())
    await this.ledger.transfer(depositLegs({ id, accountId, asset, amount: FUNDS }))
  }

  private newUuid(): string {
    return uuidFromId(timeOrderedId(this.clock.nowMs()))
  }
}
