import {
  AccountCode,
  assetAccounts,
  available,
  idFromUuid,
  type LedgerId,
  MemoryLedger,
  TransferCode,
} from '@kivuko/accounting'
import type { Asset } from '@kivuko/assets'
import { decodePrepare, encodePrepare, fulfill, type Prepare, type Reply } from '@kivuko/ilp'
import type { Peer } from '@kivuko/peering'
import { createLogger, ManualClock, Metrics } from '@kivuko/platform'
import { FixedRates } from '@kivuko/rates'
import { RoutingTable } from '@kivuko/routing'
import { Alerts } from '../alerts.js'
import type { BookDifference } from '../book-differences.js'
import { ConnectorMetrics } from '../connector-metrics.js'
import type { Delivery } from '../deliver.js'
import { LateCharges } from '../late-charges.js'
import { LedgerConfirmations } from '../ledger-confirmations.js'
import { LimitBuckets } from '../limit-buckets.js'
import { LiveView } from '../live-view.js'
import { NodeAddress } from '../node-address.js'
import { OwnerOutcomes } from '../owner-outcomes.js'
import { newPacket, type Packet } from '../packet.js'
import type { PacketSource, PaymentSource } from '../packet-source.js'
import { peerAccount } from '../peer-account.js'
import { buildPipeline } from '../pipeline.js'
import type { Handler } from '../step.js'
import { deposit, newAsset, newId, newPeer, openAccount, TENANT_ID } from './accounts.js'
import { CONDITION, FULFILLMENT, TestReceiver } from './test-receiver.js'

export const NODE_ADDRESS = 'test.kivuko'
export const LOCAL_ADDRESS = `${NODE_ADDRESS}.local-account`
export const NOW_MS = Date.UTC(2030, 0, 1)
const INITIAL = 1_000_000n

/**
 * A whole pipeline over the memory ledger, with a clock that stands still, USD (scale 2), EUR (scale 2, 0.90 per USD)
 * and JPY (scale 0, 150 per USD); `alice` and `bob` are USD peers, `emma` a EUR peer, each with 1,000,000; next hops
 * fulfill unless `answerAsPeer` says otherwise.
 */
export class TestConnector {
  readonly clock = new ManualClock(NOW_MS)
  readonly ledger = new MemoryLedger(this.clock, { isDurable: true })
  readonly usd = newAsset('USD', 2, 1)
  readonly eur = newAsset('EUR', 2, 2)
  readonly jpy = newAsset('JPY', 0, 3)
  readonly alice = newPeer('alice', this.usd)
  readonly bob = newPeer('bob', this.usd)
  readonly emma = newPeer('emma', this.eur)
  readonly routing = new RoutingTable()
  readonly rates = new FixedRates({ USD: { EUR: '0.90', JPY: '150' } })
  readonly receiver = new TestReceiver(LOCAL_ADDRESS, this.usd, idFromUuid(newId()))
  readonly logger = createLogger({ logLevel: 'silent', instanceName: 'test' })
  readonly metrics = new Metrics('test')
  readonly alerts = new Alerts(this.clock)
  readonly connectorMetrics = new ConnectorMetrics(this.metrics, this.alerts)
  readonly buckets = new LimitBuckets()
  readonly live = new LiveView(this.connectorMetrics, this.buckets, this.alerts, this.clock)
  /** What our books and a peer's may differ by, as the audit would list it. */
  readonly differences: BookDifference[] = []
  readonly lateCharges = new LateCharges(this.ledger, { note: (one) => this.note(one) }, this.logger)
  readonly confirmations = new LedgerConfirmations(this.ledger, this.connectorMetrics, this.logger, this.lateCharges)
  /** Next hops charge the same bytes once, unless a test says otherwise. */
  chargesRepeatsOnce = true
  /** Why nothing can be sent to peers. */
  obstacle: string | undefined
  isSilent = false
  /** Processes that have ended. */
  readonly ended = new Set<number>()
  /** Of the process whose pipeline this is. */
  processId = 1
  /** What went out to peers. */
  readonly sent: { readonly peer: string; readonly prepare: Prepare }[] = []
  answerAsPeer: (peer: Peer, prepare: Prepare) => Promise<Delivery> = async () => replied(fulfill(FULFILLMENT))
  /** The last packet that went in, with what the steps found out about it. */
  last: Packet | undefined
  private readonly peers = new Map<string, Peer>()
  private pipeline: Handler

  private constructor() {
    this.pipeline = this.newPipeline()
  }

  static async open(): Promise<TestConnector> {
    const connector = new TestConnector()
    for (const peer of [connector.alice, connector.bob, connector.emma]) await connector.addPeer(peer)
    await openAccount(connector.ledger, connector.receiver.accountId, connector.usd)
    for (const asset of [connector.usd, connector.eur, connector.jpy]) await connector.fund(asset.id, asset)
    return connector
  }

  async addPeer(peer: Peer): Promise<Peer> {
    this.peers.set(peer.id, peer)
    this.routing.setPeer(peer.tenantId, { peerId: peer.id, assetId: peer.assetId }, [
      peer.staticIlpAddress,
      ...peer.routes,
    ])
    await this.fund(peer.id, peer.asset)
    return peer
  }

  /** Replaces a peer as the change feed does. */
  changePeer(peer: Peer, change: Partial<Peer>): Peer {
    const changed = { ...peer, ...change }
    this.peers.set(peer.id, changed)
    return changed
  }

  deletePeer(peer: Peer): void {
    this.peers.delete(peer.id)
    this.routing.removePeer(peer.id)
  }

  /** One of our own payments, with money in its account. */
  async openPayment(change: Partial<PaymentSource> = {}): Promise<PaymentSource> {
    const id = newId()
    await this.fund(id, this.usd)
    const account = { kind: 'payment', id, tenantId: TENANT_ID, accountId: idFromUuid(id), asset: this.usd } as const
    return { ...account, unfulfillable: false, ...change }
  }

  sendFrom(source: Peer | PaymentSource, change: Partial<Prepare> = {}): Promise<Reply> {
    const expiresAt = new Date(this.clock.nowMs() + 20_000)
    return this.sendBytes('kind' in source ? source : peerAccount(source), bytesOf({ expiresAt, ...change }))
  }

  sendBytes(source: PacketSource, bytes: Buffer): Promise<Reply> {
    const own = Buffer.from(bytes)
    return this.handle(newPacket(own, decodePrepare(own), source, this.clock.nowMs()))
  }

  handle(packet: Packet): Promise<Reply> {
    this.last = packet
    return this.pipeline(packet)
  }

  /** How much more the accounts hold than at the beginning; what is reserved is counted as gone. */
  async gains(...holders: (Peer | Asset | PaymentSource | TestReceiver)[]): Promise<bigint[]> {
    const ids = holders.map((holder) => ('accountId' in holder ? holder.accountId : idFromUuid(holder.id)))
    const balances = await this.ledger.balances(ids)
    return ids.map((id, index) => {
      const balance = balances.get(id)
      if (!balance) throw new Error(`account ${id} is not open`)
      return available(balance) - (holders[index] === this.receiver ? 0n : INITIAL)
    })
  }

  async held(accountId: LedgerId): Promise<bigint> {
    const balance = (await this.ledger.balances([accountId])).get(accountId)
    if (!balance) throw new Error(`account ${accountId} is not open`)
    return available(balance)
  }

  /** Between two accounts in USD. */
  async move(from: { readonly id: string }, to: { readonly id: string }, amount: bigint): Promise<void> {
    const ids = { id: idFromUuid(newId()), debitAccountId: idFromUuid(from.id), creditAccountId: idFromUuid(to.id) }
    const outcome = await this.ledger.transfer([
      { ...ids, ledger: this.usd.ledger, amount, code: TransferCode.transfer },
    ])
    if (outcome.kind !== 'accepted') throw new Error(`the ledger did not move ${amount}: ${JSON.stringify(outcome)}`)
  }

  /** A USD peer whose balance may not be higher than `maximum`. */
  async addBoundedPeer(staticIlpAddress: string, maximum: bigint): Promise<Peer> {
    const peer = newPeer('bounded', this.usd)
    const id = idFromUuid(peer.id)
    await this.ledger.openAccounts([{ id, ledger: this.usd.ledger, code: AccountCode.peer, limit: 'both' }])
    await this.ledger.setMaximum(id, maximum)
    return this.addPeer({ ...peer, staticIlpAddress })
  }

  async openReservations(): Promise<number> {
    return (await this.ledger.openReservations({ limit: 100 })).length
  }

  /** Another process, without memory of earlier packets, once the one before has ended; the ledger is what it was. */
  restarted(): this {
    this.ended.add(this.processId)
    return this.inAnotherProcess()
  }

  /** A further process over the same ledger, while those before go on. */
  inAnotherProcess(): this {
    this.processId++
    this.pipeline = this.newPipeline()
    return this
  }

  private newPipeline(): Handler {
    const peers = { find: (id: string) => this.peers.get(id), routing: this.routing }
    const transport = {
      send: (peer: Peer, bytes: Buffer) => this.deliver(peer, bytes),
      obstacleTo: () => this.obstacle,
      chargesRepeatsOnce: () => this.chargesRepeatsOnce,
    }
    const ownId = this.processId
    const processes = { ownId, isGone: (id: number) => this.ended.has(id), onGone: () => undefined }
    const { ledger, confirmations, clock, logger, connectorMetrics: metrics } = this
    return buildPipeline({
      address: new NodeAddress(NODE_ADDRESS, TENANT_ID),
      charging: {
        ...{ ledger, confirmations, processes, transport, peers, clock, logger, metrics },
        differences: { note: (one) => this.note(one) },
        ownerOutcomes: new OwnerOutcomes(processes, undefined),
        timeoutSeconds: 40,
        ledgerOutageSeconds: 60,
        minMessageWindowMs: 1_000,
        maxHoldTimeMs: 30_000,
      },
      feed: { isSilent: () => this.isSilent },
      peers,
      rates: this.rates,
      receiver: this.receiver,
      transport,
      buckets: this.buckets,
    })
  }

  private async note(difference: BookDifference): Promise<void> {
    const known = this.differences.findIndex(
      ({ ledgerId, kind }) => ledgerId === difference.ledgerId && kind === difference.kind,
    )
    const isOfLateCharge = difference.kind === 'shortfall' || difference.kind === 'beyond-maximum'
    if (known === -1) this.differences.push(difference)
    else if (isOfLateCharge) this.differences[known] = difference
  }

  private async fund(id: string, asset: Asset): Promise<void> {
    if (id === asset.id) await this.ledger.openAccounts(assetAccounts(asset))
    else await openAccount(this.ledger, idFromUuid(id), asset)
    await deposit(this.ledger, idFromUuid(id), asset, INITIAL)
  }

  private deliver(peer: Peer, bytes: Buffer): Promise<Delivery> {
    const prepare = decodePrepare(Buffer.from(bytes))
    this.sent.push({ peer: peer.name ?? peer.id, prepare })
    return this.answerAsPeer(peer, prepare)
  }
}

export function replied(reply: Reply): Delivery {
  return { kind: 'replied', reply }
}

/** 100.00 USD to bob, fulfillable, with 20 seconds to live. */
export function bytesOf(change: Partial<Prepare> = {}): Buffer {
  return encodePrepare({
    amount: 10_000n,
    expiresAt: new Date(NOW_MS + 20_000),
    executionCondition: CONDITION,
    destination: 'test.bob.account',
    data: Buffer.from('stream'),
    ...change,
  })
}
