import { expect } from 'vitest'
import type { AmountInput, OutgoingPayment, PeerInput, Quote, Receiver } from './admin.js'
import { type NodeOptions, startNode, type TestNode } from './node.js'
import { waitFor } from './wait-for.js'

/** What each node starts with, in minor units: enough for every flow, and round, so that differences show. */
export const ASSET_LIQUIDITY = 100_000_000n
export const PEER_LIQUIDITY = 10_000_000n

export interface Customer {
  readonly node: TestNode
  readonly walletAddressId: string
  readonly url: string
  readonly asset: TestAsset
}

export interface TestAsset {
  readonly id: string
  readonly code: string
  readonly scale: number
}

/** Exactly one of the two, or neither where the receiver asks for an amount. */
export interface Order {
  readonly debit?: bigint
  readonly receive?: bigint
  /** What the receiver asks for; without it, any amount is welcome. */
  readonly asked?: bigint
}

export interface Paid {
  readonly receiver: Receiver
  readonly quote: Quote
  readonly payment: OutgoingPayment
}

const ENDED = new Set(['COMPLETED', 'FAILED', 'CANCELLED'])

/**
 * Node a (USD) and node b (USD, EUR, JPY), peers in USD over HTTP, each with liquidity and customers. Everything is set up
 * through the admin door.
 */
export class TestNetwork {
  private constructor(
    readonly a: TestNode,
    readonly b: TestNode,
    readonly aliceUsd: Customer,
    readonly andyUsd: Customer,
    readonly bobEur: Customer,
    readonly brendaUsd: Customer,
    readonly junJpy: Customer,
    readonly peerIds: { readonly bAtA: string; readonly aAtB: string },
  ) {}

  static async start(options: { a?: Partial<NodeOptions>; b?: Partial<NodeOptions> } = {}): Promise<TestNetwork> {
    const [a, b] = await Promise.all([startNode({ name: 'a', ...options.a }), startNode({ name: 'b', ...options.b })])
    const usdAtA = await openAsset(a, 'USD', 2)
    const usdAtB = await openAsset(b, 'USD', 2)
    const eurAtB = await openAsset(b, 'EUR', 2)
    const jpyAtB = await openAsset(b, 'JPY', 0)
    const peerIds = { bAtA: await peerWith(a, b, usdAtA), aAtB: await peerWith(b, a, usdAtB) }
    return new TestNetwork(
      a,
      b,
      await openCustomer(a, 'alice', usdAtA),
      await openCustomer(a, 'andy', usdAtA),
      await openCustomer(b, 'bob', eurAtB),
      await openCustomer(b, 'brenda', usdAtB),
      await openCustomer(b, 'jun', jpyAtB),
      peerIds,
    )
  }

  async stop(): Promise<void> {
    await Promise.all([this.a.stop(), this.b.stop()])
  }

  order(from: Customer, to: Customer, order: Order): Promise<Paid> {
    return placeOrder(from, to, order)
  }

  /** Orders a payment and waits for its end, whatever that is. */
  async pay(from: Customer, to: Customer, order: Order): Promise<Paid> {
    const ordered = await this.order(from, to, order)
    return { ...ordered, payment: await ended(from.node, ordered.payment.id) }
  }

  /** Every unit is accounted for on both nodes, and what one says it owes the other is what the other says it is owed. */
  async expectConserved(): Promise<void> {
    for (const node of [this.a, this.b]) {
      const { findings } = await node.audit()
      expect(findings, `the audit of node ${node.name}`).toEqual([])
    }
    const owedByA = (await this.a.admin.peerLiquidity(this.peerIds.bAtA)) - PEER_LIQUIDITY
    const owedToB = PEER_LIQUIDITY - (await this.b.admin.peerLiquidity(this.peerIds.aAtB))
    expect(owedByA, 'what a owes b, as a and as b see it').toBe(owedToB)
  }
}

/** Receiver → quote → outgoing payment; the operator's funding follows by webhook. Returns as soon as it is created. */
export async function placeOrder(from: Customer, to: Customer, order: Order): Promise<Paid> {
  const { admin } = from.node
  const receiver = await admin.createReceiver(
    to.url,
    order.asked === undefined ? undefined : amount(order.asked, to.asset),
  )
  const quote = await admin.createQuote({
    walletAddressId: from.walletAddressId,
    receiver: receiver.id,
    ...(order.debit !== undefined && { debitAmount: amount(order.debit, from.asset) }),
    ...(order.receive !== undefined && { receiveAmount: amount(order.receive, to.asset) }),
  })
  const payment = await admin.createOutgoingPayment(from.walletAddressId, quote.id)
  return { receiver, quote, payment }
}

export function amount(value: bigint, { code, scale }: TestAsset): AmountInput {
  return { value, assetCode: code, assetScale: scale }
}

export async function openAsset(
  node: TestNode,
  code: string,
  scale: number,
  liquidity = ASSET_LIQUIDITY,
): Promise<TestAsset> {
  const id = await node.admin.createAsset(code, scale)
  if (liquidity > 0n) await node.admin.depositAssetLiquidity(id, liquidity)
  return { id, code, scale }
}

export async function openCustomer(node: TestNode, name: string, asset: TestAsset): Promise<Customer> {
  const url = `${node.openPaymentsUrl}/${name}`
  const walletAddressId = await node.admin.createWalletAddress(url, asset.id, name)
  return { node, walletAddressId, url, asset }
}

export function ended(node: TestNode, paymentId: string, deadlineMs = 30_000): Promise<OutgoingPayment> {
  let last: OutgoingPayment | undefined
  const ask = async () => {
    last = await node.admin.outgoingPayment(paymentId)
    return ENDED.has(last.state) ? last : undefined
  }
  return waitFor(`outgoing payment ${paymentId} has ended`, ask, { deadlineMs, describe: () => last })
}

/** How a node sends packets to its peer, where that is not straight to the peer's connector. */
export type PeerPath = Partial<Pick<PeerInput, 'endpoint' | 'maxPacketAmount'>>

export async function peerWith(
  node: TestNode,
  other: TestNode,
  asset: TestAsset,
  path: PeerPath = {},
): Promise<string> {
  const id = await node.admin.createPeer({
    assetId: asset.id,
    staticIlpAddress: other.ilpAddress,
    name: other.name,
    endpoint: other.connectorUrl,
    ...path,
    outgoingToken: `from-${node.name}-to-${other.name}`,
    incomingToken: `from-${other.name}-to-${node.name}`,
  })
  await node.admin.depositPeerLiquidity(id, PEER_LIQUIDITY)
  return id
}
