import { randomUUID } from 'node:crypto'
import { connectorAlert } from './happenings.js'
import { jwkOf, type TenantWorld } from './tenant-world.js'

/** How the walk fills one argument or input field. */
export type Rule =
  /** It names a tenant's object: it is tried with another tenant's. */
  | { readonly of: 'object'; readonly make: (world: TenantWorld) => string | Promise<string>; readonly always?: true }
  /** Anything that fits, made for the caller. */
  | { readonly of: 'value'; readonly make: (caller: TenantWorld) => unknown; readonly always?: true }
  /** It can be left out and names nothing of anybody. */
  | { readonly of: 'nothing' }

const object = (make: (world: TenantWorld) => string | Promise<string>, more: { always?: true } = {}): Rule => ({
  of: 'object',
  make,
  ...more,
})
const value = (make: (caller: TenantWorld) => unknown, more: { always?: true } = {}): Rule => ({
  of: 'value',
  make,
  ...more,
})
const nothing: Rule = { of: 'nothing' }

const asset = object(({ ids }) => ids.asset)
const peer = object(({ ids }) => ids.peer)
const payer = object(({ ids }) => ids.payer)
const tenant = object(({ tenant: { id } }) => id)
const incomingPayment = object(async (world) => (await world.incomingPayment()).id)
const incomingPaymentUrl = object(async (world) => (await world.incomingPayment()).url)
const outgoingPayment = object((world) => world.outgoingPayment())
const quote = object(async (world) => world.quote((await world.incomingPayment()).url))
const eventOf = async (world: TenantWorld) => world.event('outgoing_payment.created', await world.outgoingPayment())
const createdEvent = object(eventOf)
const difference = object((world) => world.bookDifference())
const uuid = value(() => randomUUID())
const debitAmount = value((caller) => caller.amount('100'), { always: true })

let made = 0
const name = (caller: TenantWorld) => {
  made += 1
  return `${caller.name}-${made}`
}

/** By `<operation>.<path>`, for what its name alone does not say. */
export const rulesByPath: Readonly<Record<string, Rule>> = {
  'asset.id': asset,
  'updateAsset.input.id': asset,
  'deleteAsset.input.id': object((world) => world.create('createAsset', { code: newCode(), scale: 2 }, 'asset')),
  'createAsset.input.code': value(newCode),
  'assetByCodeAndScale.code': value(() => 'USD'),
  'assets.after': asset,
  'accountingTransfers.id': asset,
  'peer.id': peer,
  'updatePeer.input.id': peer,
  'deletePeer.input.id': object((world) => world.create('createPeer', peering(world), 'peer')),
  'peers.after': peer,
  'peerByAddressAndAsset.staticIlpAddress': object(({ staticIlpAddress }) => staticIlpAddress),
  'createPeer.input.staticIlpAddress': value((caller) => `test.${name(caller)}`),
  'updatePeer.input.staticIlpAddress': nothing,
  'createPeer.input.http': value((caller) => peering(caller).http),
  'connectorAccounts.after': peer,
  'connectorAccount.id': peer,
  'connectorRoutes.after': object((world) => world.routeCursor()),
  'connectorRoute.destination': object(({ staticIlpAddress }) => `${staticIlpAddress}.somebody`),
  'bookDifferences.after': difference,
  'bookDifferences.filter.paymentId': object((world) => world.differingPayment()),
  'closeBookDifference.input.id': difference,
  'closeBookDifference.input.reason': value(() => 'agreed'),
  'dismissConnectorAlert.input.id': object((world) => connectorAlert(world)),
  'walletAddress.id': payer,
  'updateWalletAddress.input.id': payer,
  'walletAddresses.after': payer,
  'walletAddressByUrl.url': object((world) => world.addressOf('payer')),
  'createWalletAddress.input.address': object((world) => `${world.addressOf('payer')}/${name(world)}`),
  'createWalletAddressWithdrawal.input.walletAddressId': object(({ ids }) => ids.payee),
  'revokeWalletAddressKey.input.id': object(({ ids }) => ids.key),
  'incomingPayment.id': incomingPayment,
  'incomingPayments.after': incomingPayment,
  'updateIncomingPayment.input.id': incomingPayment,
  'approveIncomingPayment.input.id': incomingPayment,
  'cancelIncomingPayment.input.id': incomingPayment,
  'createIncomingPaymentWithdrawal.input.incomingPaymentId': object(({ remains }) => remains.paid[0] ?? ''),
  'outgoingPayment.id': outgoingPayment,
  'outgoingPayments.after': outgoingPayment,
  'paymentTimeline.id': outgoingPayment,
  'cancelOutgoingPayment.input.id': outgoingPayment,
  'createOutgoingPaymentWithdrawal.input.outgoingPaymentId': object(({ remains }) => remains.failed),
  'payments.after': outgoingPayment,
  'quote.id': quote,
  'createQuote.input.debitAmount': debitAmount,
  'createOutgoingPaymentFromIncomingPayment.input.debitAmount': debitAmount,
  'receiver.id': incomingPaymentUrl,
  'tenant.id': tenant,
  'tenants.after': tenant,
  'updateTenant.input.id': tenant,
  'deleteTenant.id': object((world) => world.anotherTenant()),
  'createTenant.input.id': nothing,
  'createTenant.input.idpConsentUrl': nothing,
  'updateTenant.input.idpConsentUrl': nothing,
  'createTenantSettings.input.settings': value(() => [{ key: 'WEBHOOK_MAX_RETRY', value: '3' }]),
  'webhookEvents.after': createdEvent,
  'withdrawEventLiquidity.input.eventId': object((world) =>
    world.event('incoming_payment.completed', world.remains.paid[1] ?? ''),
  ),
  'replayWebhookEvents.input.ids': object(eventOf, { always: true }),
}

/** By the name of the argument or field. */
export const rulesByName: Readonly<Record<string, Rule>> = {
  tenantId: tenant,
  assetId: asset,
  peerId: peer,
  walletAddressId: payer,
  incomingPaymentId: incomingPayment,
  outgoingPaymentId: outgoingPayment,
  quoteId: quote,
  eventId: createdEvent,
  withdrawalId: object((world) => world.pendingWithdrawal()),
  walletAddressUrl: object((world) => world.addressOf('payee')),
  incomingPaymentUrl,
  incomingPayment: incomingPaymentUrl,
  receiver: incomingPaymentUrl,
  // What a list is paged by; with `after` the cursor of another tenant has been tried.
  before: nothing,
  // The caller's own id of a transfer.
  id: uuid,
  idempotencyKey: uuid,
  senderWalletAddress: nothing,
  callbackUrl: nothing,
  // No card payments are made here.
  cardDetails: nothing,
  timeoutSeconds: value(() => '600'),
  amount: value(() => '1'),
  jwk: value((caller) => jwkOf(name(caller))),
  metadata: value((caller) => ({ note: name(caller) })),
  apiSecret: value(() => `secret-${randomUUID()}`),
  keepFormerSeconds: value(() => 0),
}

function newCode(): string {
  made += 1
  return `X${made}`
}

function peering(world: TenantWorld) {
  const http = { outgoing: { authToken: randomUUID(), endpoint: 'http://127.0.0.1:9' } }
  return { assetId: world.ids.asset, staticIlpAddress: `test.${name(world)}`, http }
}
