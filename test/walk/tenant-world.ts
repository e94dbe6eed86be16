import { randomUUID } from 'node:crypto'
import { SystemClock } from '@kivuko/platform'
import type { AdminClient } from '../harness/admin-client.js'
import { noteDifference } from '../harness/book-differences.js'
import type { TestNode } from '../harness/node.js'
import { createTenant, type TestTenant } from '../harness/tenant-clients.js'
import { waitFor } from '../harness/wait-for.js'
import { type ReceivedWebhook, WebhookListener } from '../harness/webhook-listener.js'
import { HttpPlugin } from '../interop/stream-plugin.js'
import type { AdminOperations, Args } from './admin-operations.js'
import { textAt, valueAt } from './texts.js'

const clock = new SystemClock()
const LIQUIDITY = '100000000'

/** What is left over from what happened while there was a worker. */
export interface Remains {
  /** Incoming payments with money in them, completed. */
  readonly paid: readonly string[]
  /** An outgoing payment with money in it. */
  readonly failed: string
}

/** A tenant with one of everything, all of it named after the tenant, and a receiver of its own for webhooks. */
export class TenantWorld {
  remains: Remains = { paid: [], failed: 'nothing happened yet' }

  private constructor(
    readonly name: string,
    readonly node: TestNode,
    readonly tenant: TestTenant,
    readonly webhooks: WebhookListener,
    readonly peer: HttpPlugin,
    private readonly operations: AdminOperations,
    /** The ids of what stands all the time. */
    readonly ids: Readonly<Record<'asset' | 'peer' | 'payer' | 'payee' | 'key', string>>,
  ) {}

  static async open(name: string, node: TestNode, operations: AdminOperations): Promise<TenantWorld> {
    const webhooks = await WebhookListener.start()
    const settings = { WALLET_ADDRESS_URL: `${node.openPaymentsUrl}/${name}`, WEBHOOK_URL: webhooks.url }
    const tenant = await createTenant(node, settings)
    const act = (operation: string, input: Args) => operations.act(tenant.client, operation, { input })
    const described = {
      id: tenant.id,
      publicName: `the ${name}`,
      email: `${name}@bank.example`,
      idpSecret: `idp-${name}`,
    }
    await act('updateTenant', { ...described, idpConsentUrl: `https://${name}.example/consent` })
    const asset = textAt(await act('createAsset', { code: 'USD', scale: 2 }), 'asset', 'id')
    await act('depositAssetLiquidity', {
      assetId: asset,
      amount: LIQUIDITY,
      id: randomUUID(),
      idempotencyKey: randomUUID(),
    })
    const peer = new HttpPlugin(`token-of-${name}`, () => node.connectorUrl)
    await peer.start()
    const http = {
      incoming: { authTokens: [`token-of-${name}`] },
      outgoing: { authToken: `token-of-${name}`, endpoint: peer.url },
    }
    const peering = { assetId: asset, staticIlpAddress: `test.${name}-peer`, name: `${name} peer`, http }
    const made = await act('createPeer', { ...peering, initialLiquidity: LIQUIDITY })
    const wallet = async (path: string) => {
      const input = {
        assetId: asset,
        address: `${node.openPaymentsUrl}/${name}/${path}`,
        publicName: `${name} ${path}`,
      }
      return textAt(await act('createWalletAddress', input), 'walletAddress', 'id')
    }
    const payer = await wallet('payer')
    const key = await act('createWalletAddressKey', { walletAddressId: payer, jwk: jwkOf(name) })
    return new TenantWorld(name, node, tenant, webhooks, peer, operations, {
      asset,
      peer: textAt(made, 'peer', 'id'),
      payer,
      payee: await wallet('payee'),
      key: textAt(key, 'walletAddressKey', 'id'),
    })
  }

  get client(): AdminClient {
    return this.tenant.client
  }

  addressOf(who: 'payer' | 'payee'): string {
    return `${this.node.openPaymentsUrl}/${this.name}/${who}`
  }

  get staticIlpAddress(): string {
    return `test.${this.name}-peer`
  }

  /** Calls an operation as this tenant. */
  act(operation: string, args: Args): Promise<unknown> {
    return this.operations.act(this.client, operation, args)
  }

  amount(value: string) {
    return { value, assetCode: 'USD', assetScale: 2 }
  }

  /** The id of what a mutation makes: `create('createPeer', {…}, 'peer')`. */
  async create(operation: string, input: Args, what: string): Promise<string> {
    return textAt(await this.act(operation, { input }), what, 'id')
  }

  /** A withdrawal that waits to be posted or voided. */
  async pendingWithdrawal(): Promise<string> {
    const id = randomUUID()
    const input = { assetId: this.ids.asset, amount: '1', id, idempotencyKey: randomUUID(), timeoutSeconds: '600' }
    await this.act('createAssetLiquidityWithdrawal', { input })
    return id
  }

  /** A packet that the tenant's peer may count otherwise. */
  bookDifference(paymentId?: string): Promise<string> {
    const { tenant, ids, node } = this
    return noteDifference(node.database, { tenantId: tenant.id, peerId: ids.peer, paymentId })
  }

  /** An outgoing payment with a packet that its peer may count otherwise. */
  async differingPayment(): Promise<string> {
    const paymentId = await this.outgoingPayment()
    await this.bookDifference(paymentId)
    return paymentId
  }

  async routeCursor(): Promise<string> {
    return textAt(await this.act('connectorRoutes', { first: 1 }), 'edges', '0', 'cursor')
  }

  /** A tenant that nobody needs. */
  async anotherTenant(): Promise<string> {
    return (await createTenant(this.node)).id
  }

  async incomingPayment(more: Args = {}): Promise<{ id: string; url: string }> {
    const metadata = { note: `of ${this.name}` }
    const input = { walletAddressId: this.ids.payee, metadata, ...more }
    const made = await this.act('createIncomingPayment', { input })
    return { id: textAt(made, 'payment', 'id'), url: textAt(made, 'payment', 'url') }
  }

  async quote(receiver: string, debit = '100'): Promise<string> {
    const input = { walletAddressId: this.ids.payer, receiver, debitAmount: this.amount(debit) }
    return textAt(await this.act('createQuote', { input }), 'quote', 'id')
  }

  /** An outgoing payment that waits for money. */
  async outgoingPayment(receiver?: string, debit?: string): Promise<string> {
    const quoteId = await this.quote(receiver ?? (await this.incomingPayment()).url, debit)
    const input = { walletAddressId: this.ids.payer, quoteId, metadata: { note: `by ${this.name}` } }
    return textAt(await this.act('createOutgoingPayment', { input }), 'payment', 'id')
  }

  async fund(outgoingPaymentId: string): Promise<void> {
    await this.act('depositOutgoingPaymentLiquidity', { input: { outgoingPaymentId, idempotencyKey: randomUUID() } })
  }

  async ended(id: string): Promise<string> {
    return waitFor(`outgoing payment ${id} has ended`, async () => {
      const state = textAt(await this.act('outgoingPayment', { id }), 'state')
      return state === 'COMPLETED' || state === 'FAILED' ? state : undefined
    })
  }

  /** An incoming payment that got what it asked for; the money is still in it. */
  async paidPayment(): Promise<string> {
    const { id, url } = await this.incomingPayment({ incomingAmount: this.amount('100') })
    const outgoing = await this.outgoingPayment(url)
    await this.fund(outgoing)
    await this.ended(outgoing)
    return id
  }

  /** An outgoing payment that was funded and could not be sent; the money is still in it. */
  async failedPayment(): Promise<string> {
    const { url } = await this.incomingPayment()
    const outgoing = await this.outgoingPayment(url)
    await this.act('completeReceiver', { input: { incomingPaymentUrl: url } })
    await this.fund(outgoing)
    await this.ended(outgoing)
    return outgoing
  }

  /** An incoming payment that gets part of what it asks for, and is over in a moment. */
  async underpaidPayment(): Promise<string> {
    const expiresAt = new Date(clock.nowMs() + 3_000).toISOString()
    const { id, url } = await this.incomingPayment({ incomingAmount: this.amount('500'), expiresAt })
    const outgoing = await this.outgoingPayment(url)
    await this.fund(outgoing)
    await this.ended(outgoing)
    return id
  }

  /** Waits until the tenant's own receiver has heard of such a thing. */
  told(type: string): Promise<ReceivedWebhook> {
    const find = () => this.webhooks.received.find((event) => event.type === type)
    const describe = () => this.webhooks.received.map((event) => event.type)
    return waitFor(`${this.name} is told of ${type}`, find, { describe })
  }

  /** The event of this type about this resource, as the list of events shows it. */
  async event(type: string, resourceId: string): Promise<string> {
    const found = await this.act('webhookEvents', { first: 100, filter: { type: { in: [type] } } })
    const events = [valueAt(found, 'edges')].flat().map((edge) => valueAt(edge, 'node'))
    return textAt(
      events.find((event) => valueAt(event, 'data', 'id') === resourceId),
      'id',
    )
  }

  async close(): Promise<void> {
    await this.webhooks.close()
    await this.peer.disconnect()
  }
}

/** What nobody but the tenant and the operator may see. */
export function secretsOf({ name, tenant: { apiSecret } }: TenantWorld): string[] {
  return [apiSecret, `token-of-${name}`, `idp-${name}`]
}

/** A public key: any 32 bytes will do. */
export function jwkOf(kid: string) {
  const x = Buffer.alloc(32, kid).toString('base64url')
  return { kid, x, alg: 'EdDSA', kty: 'OKP', crv: 'Ed25519' }
}
