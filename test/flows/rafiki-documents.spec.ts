import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { AdminClient, refusalOf } from '../harness/admin-client.js'
import { startNode, type TestNode } from '../harness/node.js'
import { ADMIN_SECRET, TENANT_ID } from '../harness/node-settings.js'
import { type Answer, RafikiClient } from '../harness/rafiki-client.js'

/** One side as its operator sees it: a node and what was made there, by Rafiki's documents only. */
interface Side {
  readonly node: TestNode
  readonly rafiki: RafikiClient
  assetId: string
  peerId: string
  walletAddressId: string
  readonly url: string
}

const called = new Set<string>()
const usd = (value: string) => ({ value, assetCode: 'USD', assetScale: 2 })
const key = () => ({ idempotencyKey: randomUUID() })
const clientOf = (node: TestNode, tenantId = TENANT_ID, secret = ADMIN_SECRET) =>
  new RafikiClient(new AdminClient({ url: node.adminUrl, secret, tenantId }), called)

let a: Side
let b: Side

beforeAll(async () => {
  const [nodeA, nodeB] = await Promise.all([startNode({ name: 'a' }), startNode({ name: 'b' })])
  a = sideOf(nodeA)
  b = sideOf(nodeB)
})
afterAll(() => Promise.all([a?.node.stop(), b?.node.stop()]))

function sideOf(node: TestNode): Side {
  node.operator.funding = 'never'
  const url = `${node.openPaymentsUrl}/customer`
  return { node, rafiki: clientOf(node), assetId: '', peerId: '', walletAddressId: '', url }
}

async function settle(side: Side, other: Side): Promise<void> {
  const { rafiki, node } = side
  const asset = await rafiki.change('createAsset', {
    code: 'USD',
    scale: 2,
    withdrawalThreshold: '10',
    liquidityThreshold: 1_000,
    ...key(),
  })
  side.assetId = asset.text('asset.id')
  await rafiki.change('depositAssetLiquidity', {
    assetId: side.assetId,
    amount: 1_000_000,
    id: randomUUID(),
    ...key(),
  })
  const peer = await rafiki.change('createPeer', {
    staticIlpAddress: other.node.ilpAddress,
    http: {
      incoming: { authTokens: [`from-${other.node.name}`] },
      outgoing: { endpoint: other.node.connectorUrl, authToken: `from-${node.name}` },
    },
    assetId: side.assetId,
    name: other.node.name,
    liquidityThreshold: 1_000,
    maxPacketAmount: '1000000',
    routes: [],
  })
  side.peerId = peer.text('peer.id')
  await rafiki.change('depositPeerLiquidity', { peerId: side.peerId, amount: '100000', id: randomUUID(), ...key() })
  const walletAddress = await rafiki.change('createWalletAddress', {
    assetId: side.assetId,
    address: side.url,
    publicName: 'Customer',
    additionalProperties: [{ key: 'iban', value: 'XX1', visibleInOpenPayments: true }],
  })
  side.walletAddressId = walletAddress.text('walletAddress.id')
}

/** From a's customer to b's: 500 at the receiver. */
async function order(): Promise<{ receiver: string; payment: Answer; quote: Answer }> {
  const incomingAmount = usd('500')
  const made = await a.rafiki.change('createReceiver', { walletAddressUrl: b.url, incomingAmount, metadata: { no: 1 } })
  const receiver = made.text('receiver.id')
  const quote = await a.rafiki.change('createQuote', { walletAddressId: a.walletAddressId, receiver })
  const quoteId = quote.text('quote.id')
  const payment = await a.rafiki.change('createOutgoingPayment', { walletAddressId: a.walletAddressId, quoteId })
  return { receiver, payment, quote }
}

const lastSegment = (url: string) => url.slice(url.lastIndexOf('/') + 1)

describe('the operators of two nodes, with the documents they have for Rafiki', () => {
  it('become peers', async () => {
    await settle(a, b)
    await settle(b, a)
    const peer = await a.rafiki.call('peerByAddressAndAsset', { staticIlpAddress: 'test.b', assetId: a.assetId })
    expect(peer.value).toMatchObject({
      id: a.peerId,
      liquidity: '100000',
      asset: { code: 'USD', liquidity: '1000000' },
    })
    await a.rafiki.change('setFee', { assetId: a.assetId, type: 'SENDING', fee: { fixed: '100', basisPoints: 200 } })
  })

  it('pay across both, and take the money out at the end', async () => {
    const { receiver, payment, quote } = await order()
    // 2 % of what the path needs, and 100.
    const debit = BigInt(quote.text('quote.debitAmount.value'))
    expect(quote.at('quote.receiveAmount')).toEqual(usd('500'))
    expect(debit).toBeGreaterThanOrEqual(610n)
    expect(debit).toBeLessThanOrEqual(620n)
    const id = payment.text('payment.id')
    expect(payment.at('payment')).toMatchObject({ state: 'FUNDING', receiver, sentAmount: usd('0'), error: null })
    const created = await a.node.operator.event('outgoing_payment.created', id)
    expect(created.data).toMatchObject({ state: 'FUNDING', debitAmount: usd(`${debit}`), receiveAmount: usd('500') })

    const funding = { outgoingPaymentId: id, dataToTransmit: 'sample kyc data', ...key() }
    const funded = await a.rafiki.change('depositOutgoingPaymentLiquidity', funding)
    expect(funded.value).toEqual({ success: true })
    await a.node.operator.event('outgoing_payment.completed', id)
    expect((await a.node.admin.timeline(id)).find(({ step }) => step === 'funded')?.detail).toContain('not transmitted')
    const sent = await a.rafiki.call('outgoingPayment', { id })
    expect(sent.value).toMatchObject({ state: 'COMPLETED', receiveAmount: usd('500'), sentAmount: usd('500') })

    const incomingPaymentId = lastSegment(receiver)
    const completed = await b.node.operator.event('incoming_payment.completed', incomingPaymentId)
    expect(completed.data).toMatchObject({ completed: true, receivedAmount: usd('500'), incomingAmount: usd('500') })
    const received = await b.rafiki.call('incomingPayment', { id: incomingPaymentId })
    expect(received.value).toMatchObject({ state: 'COMPLETED', receivedAmount: usd('500'), liquidity: '500' })
    await b.rafiki.change('createIncomingPaymentWithdrawal', { incomingPaymentId, timeoutSeconds: 60, ...key() })
    await b.rafiki.change('postLiquidityWithdrawal', { withdrawalId: completed.id, ...key() })
    expect((await b.rafiki.call('incomingPayment', { id: incomingPaymentId })).at('liquidity')).toBe('0')
    const transfers = await b.rafiki.call('accountingTransfers', { id: incomingPaymentId })
    expect(transfers.value).toMatchObject({
      debits: [{ id: completed.id, amount: '500', transferType: 'WITHDRAWAL', state: 'POSTED' }],
      credits: [{ amount: '500', transferType: 'TRANSFER', state: 'POSTED' }],
    })

    expect((await a.rafiki.call('outgoingPayment', { id })).at('liquidity')).toBe(`${debit - 500n}`)
    await a.rafiki.change('createOutgoingPaymentWithdrawal', { outgoingPaymentId: id, timeoutSeconds: 0, ...key() })
    expect((await a.rafiki.call('outgoingPayment', { id })).at('liquidity')).toBe('0')
  })

  it('pay by the events that ask for it, as older systems do', async () => {
    const { receiver, payment } = await order()
    const created = await a.node.operator.event('outgoing_payment.created', payment.text('payment.id'))
    await a.rafiki.change('depositEventLiquidity', { eventId: created.id, ...key() })
    const completed = await b.node.operator.event('incoming_payment.completed', lastSegment(receiver))
    await b.rafiki.change('withdrawEventLiquidity', { eventId: completed.id, ...key() })
    const sent = await a.node.operator.event('outgoing_payment.completed', payment.text('payment.id'))
    await a.rafiki.change('withdrawEventLiquidity', { eventId: sent.id, ...key() })
    const receiverNow = await a.rafiki.call('receiver', { id: receiver })
    expect(receiverNow.value).toMatchObject({ completed: true, receivedAmount: usd('500'), metadata: { no: 1 } })
    for (const { node } of [a, b]) expect((await node.audit()).findings).toEqual([])
  })
})

describe('each operation of a Rafiki operator', () => {
  it('on tenants', async () => {
    const { rafiki } = a
    expect((await rafiki.call('whoami')).value).toEqual({ id: TENANT_ID, isOperator: true })
    const apiSecret = randomUUID()
    const settings = [{ key: 'WALLET_ADDRESS_URL', value: 'https://shop.example' }]
    const made = await rafiki.change('createTenant', { apiSecret, publicName: 'Shop', idpSecret: 's', settings })
    const id = made.text('tenant.id')
    expect(made.at('tenant')).toMatchObject({ apiSecret, settings: expect.arrayContaining(settings) })
    const shop = clientOf(a.node, id, apiSecret)
    expect((await shop.call('whoami')).value).toEqual({ id, isOperator: false })
    const timeout = [{ key: 'WEBHOOK_TIMEOUT', value: '3000' }]
    expect((await shop.change('createTenantSettings', { settings: timeout })).at('settings')).toEqual(timeout)
    await rafiki.change('updateTenant', { id, publicName: 'Shops' })
    expect((await rafiki.call('tenant', { id })).value).toMatchObject({ publicName: 'Shops', deletedAt: null })
    expect((await refusalOf(shop.call('tenants'))).codes).toEqual(['FORBIDDEN'])
    expect((await rafiki.call('tenants', { first: 1 })).at('edges.0.node')).toMatchObject({ id, publicName: 'Shops' })
    expect((await rafiki.call('deleteTenant', { id })).value).toEqual({ success: true })
    expect((await refusalOf(shop.call('whoami'))).status).toBe(401)
  })

  it('on assets', async () => {
    const { rafiki } = a
    const id = (await rafiki.change('createAsset', { code: 'XTS', scale: 9 })).text('asset.id')
    const updated = await rafiki.change('updateAsset', { id, liquidityThreshold: '5' })
    expect(updated.at('asset')).toMatchObject({ liquidityThreshold: '5', withdrawalThreshold: null })
    expect((await rafiki.call('asset', { id })).value).toMatchObject({ code: 'XTS', scale: 9, liquidity: '0' })
    expect((await rafiki.call('assetByCodeAndScale', { code: 'XTS', scale: 9 })).at('id')).toBe(id)
    expect((await rafiki.call('assetByCodeAndScale', { code: 'XTS', scale: 8 })).value).toBeNull()
    expect((await rafiki.call('assets', { first: 1, sortOrder: 'DESC' })).at('edges.0.cursor')).toBe(id)
    expect((await rafiki.change('deleteAsset', { id })).at('asset')).toMatchObject({ id })
    const asset = await rafiki.call('asset', { id: a.assetId })
    expect(asset.at('sendingFee')).toMatchObject({ fixed: '100', basisPoints: 200, type: 'SENDING' })
    expect(asset.at('fees.edges.0.node')).toMatchObject({ assetId: a.assetId })
  })

  it('on liquidity, in two phases', async () => {
    const { rafiki, assetId, peerId } = a
    const [fromAsset, fromPeer] = [randomUUID(), randomUUID()]
    const before = (await rafiki.call('asset', { id: assetId })).text('liquidity')
    const held = { amount: '300', timeoutSeconds: '60' }
    await rafiki.change('createAssetLiquidityWithdrawal', { assetId, id: fromAsset, ...held, ...key() })
    expect((await rafiki.call('asset', { id: assetId })).at('liquidity')).toBe(`${BigInt(before) - 300n}`)
    await rafiki.change('voidLiquidityWithdrawal', { withdrawalId: fromAsset, ...key() })
    expect((await rafiki.call('asset', { id: assetId })).at('liquidity')).toBe(before)
    await rafiki.change('createPeerLiquidityWithdrawal', { peerId, id: fromPeer, ...held, ...key() })
    await rafiki.change('postLiquidityWithdrawal', { withdrawalId: fromPeer, ...key() })
    const voided = rafiki.change('voidLiquidityWithdrawal', { withdrawalId: fromPeer, ...key() })
    expect((await refusalOf(voided)).codes).toEqual(['CONFLICT'])
  })

  it('on peers', async () => {
    const { rafiki, assetId } = b
    const http = { outgoing: { endpoint: 'http://127.0.0.1:9', authToken: 'to-carol' } }
    const made = await rafiki.change('createPeer', {
      staticIlpAddress: 'test.carol',
      http,
      assetId,
      routes: ['test.dan'],
    })
    const id = made.text('peer.id')
    await rafiki.change('updatePeer', { id, name: 'Carol', maxPacketAmount: '7' })
    const peer = (await rafiki.call('peer', { id })).value
    expect(peer).toMatchObject({ name: 'Carol', maxPacketAmount: '7', http, liquidity: '0' })
    expect((await rafiki.call('peers', { first: 1 })).at('edges.0.node.routes')).toEqual(
      expect.arrayContaining(['test.dan']),
    )
    expect((await rafiki.change('deletePeer', { id })).value).toEqual({ success: true })
  })

  it('on wallet addresses and their keys', async () => {
    const { rafiki, walletAddressId: id, url } = b
    expect((await rafiki.call('walletAddressByUrl', { url })).at('id')).toBe(id)
    expect((await rafiki.call('walletAddressByUrl', { url: `${url}/nobody` })).value).toBeNull()
    const jwk = { kid: 'key-1', x: Buffer.alloc(32, 1).toString('base64url'), alg: 'EdDSA', kty: 'OKP', crv: 'Ed25519' }
    const made = await rafiki.change('createWalletAddressKey', { walletAddressId: id, jwk, ...key() })
    expect(made.at('walletAddressKey')).toMatchObject({ walletAddressId: id, revoked: false, jwk })
    const revoked = await rafiki.change('revokeWalletAddressKey', { id: made.text('walletAddressKey.id') })
    expect(revoked.at('walletAddressKey.revoked')).toBe(true)
    await rafiki.change('updateWalletAddress', { id, publicName: 'Bea', status: 'INACTIVE' })
    const inactive = await refusalOf(rafiki.change('createIncomingPayment', { walletAddressId: id }))
    expect(inactive.codes).toEqual(['INACTIVE'])
    await rafiki.change('updateWalletAddress', { id, status: 'ACTIVE', additionalProperties: [] })
    const now = await rafiki.call('walletAddress', { id })
    expect(now.value).toMatchObject({ publicName: 'Bea', status: 'ACTIVE', additionalProperties: [], liquidity: '0' })
    expect(now.at('incomingPayments.edges.0.node')).toMatchObject({ walletAddressId: id, state: 'COMPLETED' })
    expect(now.at('walletAddressKeys.edges.0.node')).toMatchObject({ revoked: true })
    expect((await rafiki.call('walletAddresses', { last: 1, before: id })).at('edges')).toEqual([])
    const nothing = { walletAddressId: id, id: randomUUID(), timeoutSeconds: 0, ...key() }
    expect((await refusalOf(rafiki.change('createWalletAddressWithdrawal', nothing))).codes).toEqual(['FORBIDDEN'])
    expect((await rafiki.change('triggerWalletAddressEvents', { limit: 10 })).value).toEqual({ count: 0 })
  })

  it('on incoming payments and receivers', async () => {
    const { rafiki, walletAddressId } = b
    const make = () => rafiki.change('createIncomingPayment', { walletAddressId, incomingAmount: usd('7') })
    const [approved, cancelled] = [(await make()).text('payment.id'), (await make()).text('payment.id')]
    await rafiki.change('updateIncomingPayment', { id: approved, metadata: { order: 5 } })
    const answer = await rafiki.change('approveIncomingPayment', { id: approved })
    expect(answer.at('payment')).toMatchObject({ metadata: { order: 5 }, incomingAmount: usd('7'), state: 'PENDING' })
    const reason = { id: cancelled, cancellationReason: 'why' }
    const ended = await rafiki.change('cancelIncomingPayment', reason)
    expect(ended.at('payment')).toMatchObject({ cancellationReason: 'why', cancelledAt: expect.any(String) })
    const filter = { initiatedBy: { in: ['ADMIN'] } }
    expect((await rafiki.call('incomingPayments', { first: 1, filter })).at('edges.0.node.id')).toBe(cancelled)
    const { receiver } = await order()
    const completed = await a.rafiki.change('completeReceiver', { incomingPaymentUrl: receiver })
    expect(completed.at('receiver')).toMatchObject({ id: receiver, completed: true, walletAddressUrl: b.url })
    expect((await rafiki.call('incomingPayment', { id: lastSegment(receiver) })).at('state')).toBe('COMPLETED')
  })

  it('on outgoing payments, combined payments and events', async () => {
    const { rafiki, walletAddressId } = a
    const open = await b.rafiki.change('createIncomingPayment', { walletAddressId: b.walletAddressId })
    const input = {
      walletAddressId,
      incomingPayment: open.text('payment.url'),
      debitAmount: usd('800'),
      metadata: { n: 1 },
    }
    const made = await rafiki.change('createOutgoingPaymentFromIncomingPayment', input)
    const id = made.text('payment.id')
    expect(made.at('payment')).toMatchObject({ debitAmount: usd('800'), receiver: input.incomingPayment })
    expect((await rafiki.call('quote', { id: made.text('payment.quote.id') })).at('walletAddressId')).toBe(
      walletAddressId,
    )
    const cancelled = await rafiki.change('cancelOutgoingPayment', { id, reason: 'no balance' })
    expect(cancelled.at('payment')).toMatchObject({
      state: 'CANCELLED',
      metadata: { n: 1, cancellationReason: 'no balance' },
    })
    const filter = { walletAddressId: { in: [walletAddressId] }, state: { in: ['CANCELLED'] } }
    expect((await rafiki.call('outgoingPayments', { filter })).at('edges.0.node.id')).toBe(id)
    const payments = await rafiki.call('payments', { first: 1, filter: { type: { in: ['OUTGOING'] } } })
    expect(payments.at('edges.0.node')).toMatchObject({ id, type: 'OUTGOING', state: 'CANCELLED' })
    const events = await rafiki.call('webhookEvents', {
      first: 1,
      filter: { type: { in: ['outgoing_payment.created'] } },
    })
    expect(events.at('edges.0.node')).toMatchObject({ type: 'outgoing_payment.created', data: { id } })
  })

  it('was asked for in these tests', () => {
    expect(a.rafiki.left).toEqual([])
  })
})

describe('what a Rafiki operator does wrong is refused with Rafiki’s codes', () => {
  const nobody = randomUUID()
  const http = { outgoing: { endpoint: 'http://127.0.0.1:9', authToken: 'token' } }
  const paymentAt = ({ node }: Side) => `${node.openPaymentsUrl}/${TENANT_ID}/incoming-payments/${nobody}`
  const aPeer = () => ({ staticIlpAddress: 'test.other', http, assetId: a.assetId })
  const deposit = () => ({ assetId: a.assetId, id: randomUUID(), amount: '1', ...key() })

  it.each([
    ['asset', () => ({ id: nobody }), 'NOT_FOUND'],
    ['peer', () => ({ id: nobody }), 'NOT_FOUND'],
    ['walletAddress', () => ({ id: nobody }), 'NOT_FOUND'],
    ['quote', () => ({ id: nobody }), 'NOT_FOUND'],
    ['outgoingPayment', () => ({ id: nobody }), 'NOT_FOUND'],
    ['incomingPayment', () => ({ id: nobody }), 'NOT_FOUND'],
    ['tenant', () => ({ id: nobody }), 'NOT_FOUND'],
    ['receiver', () => ({ id: paymentAt(b) }), 'NOT_FOUND'],
    ['assets', () => ({ first: 101 }), 'BAD_USER_INPUT'],
    ['peers', () => ({ tenantId: 'x' }), 'BAD_USER_INPUT'],
  ])('%s', async (name, variables, code) => {
    expect((await refusalOf(a.rafiki.call(name, variables()))).codes).toEqual([code])
  })

  it.each([
    ['createTenant', () => ({ id: 'x', apiSecret: 'long-enough-a-secret' }), 'BAD_USER_INPUT'],
    ['updateTenant', () => ({ id: TENANT_ID, apiSecret: 'long-enough-a-secret' }), 'BAD_USER_INPUT'],
    ['createTenantSettings', () => ({ settings: [{ key: 'ILP_ADDRESS', value: 'no' }] }), 'BAD_USER_INPUT'],
    ['createAsset', () => ({ code: 'USD', scale: 2 }), 'DUPLICATE'],
    ['updateAsset', () => ({ id: nobody }), 'NOT_FOUND'],
    ['deleteAsset', () => ({ id: a.assetId }), 'FORBIDDEN'],
    [
      'setFee',
      () => ({ assetId: a.assetId, type: 'SENDING', fee: { fixed: 0, basisPoints: 10_001 } }),
      'BAD_USER_INPUT',
    ],
    ['createPeer', () => ({ ...aPeer(), assetId: nobody }), 'NOT_FOUND'],
    ['createPeer', () => ({ ...aPeer(), staticIlpAddress: 'test.b' }), 'DUPLICATE'],
    ['createPeer', () => ({ ...aPeer(), staticIlpAddress: 'test b' }), 'BAD_USER_INPUT'],
    ['createPeer', () => ({ ...aPeer(), http: { ...http, incoming: { authTokens: ['from-b'] } } }), 'DUPLICATE'],
    ['deletePeer', () => ({ id: nobody }), 'NOT_FOUND'],
    ['depositAssetLiquidity', () => ({ ...deposit(), amount: 0 }), 'FORBIDDEN'],
    ['depositAssetLiquidity', () => ({ ...deposit(), id: 'x' }), 'BAD_USER_INPUT'],
    ['depositAssetLiquidity', () => ({ ...deposit(), assetId: nobody }), 'NOT_FOUND'],
    ['depositPeerLiquidity', () => ({ ...deposit(), peerId: nobody, assetId: undefined }), 'NOT_FOUND'],
    ['createAssetLiquidityWithdrawal', () => ({ ...deposit(), amount: '99999999', timeoutSeconds: 0 }), 'FORBIDDEN'],
    ['postLiquidityWithdrawal', () => ({ withdrawalId: nobody, ...key() }), 'NOT_FOUND'],
    ['depositEventLiquidity', () => ({ eventId: nobody, ...key() }), 'BAD_USER_INPUT'],
    ['depositOutgoingPaymentLiquidity', () => ({ outgoingPaymentId: nobody, ...key() }), 'BAD_USER_INPUT'],
    [
      'createIncomingPaymentWithdrawal',
      () => ({ incomingPaymentId: nobody, timeoutSeconds: 0, ...key() }),
      'NOT_FOUND',
    ],
    ['createWalletAddress', () => ({ assetId: nobody, address: `${a.url}/x` }), 'BAD_USER_INPUT'],
    ['createWalletAddress', () => ({ assetId: a.assetId, address: a.url }), 'DUPLICATE'],
    ['createWalletAddress', () => ({ assetId: a.assetId, address: 'https://elsewhere.example/x' }), 'BAD_USER_INPUT'],
    ['revokeWalletAddressKey', () => ({ id: nobody }), 'NOT_FOUND'],
    ['triggerWalletAddressEvents', () => ({ limit: 0 }), 'BAD_USER_INPUT'],
    ['createIncomingPayment', () => ({ walletAddressId: nobody }), 'NOT_FOUND'],
    ['createIncomingPayment', () => ({ walletAddressId: a.walletAddressId, isCardPayment: true }), 'BAD_USER_INPUT'],
    [
      'createIncomingPayment',
      () => ({ walletAddressId: a.walletAddressId, incomingAmount: usd('0') }),
      'BAD_USER_INPUT',
    ],
    ['createReceiver', () => ({ walletAddressUrl: `${b.url}/nobody` }), 'NOT_FOUND'],
    ['completeReceiver', () => ({ incomingPaymentUrl: paymentAt(b) }), 'NOT_FOUND'],
    ['createQuote', () => ({ walletAddressId: a.walletAddressId, receiver: a.url }), 'BAD_USER_INPUT'],
    ['createQuote', () => ({ walletAddressId: nobody, receiver: a.url }), 'NOT_FOUND'],
    ['createOutgoingPayment', () => ({ walletAddressId: a.walletAddressId, quoteId: nobody }), 'NOT_FOUND'],
    ['cancelOutgoingPayment', () => ({ id: nobody }), 'NOT_FOUND'],
  ])('%s', async (name, input, code) => {
    expect((await refusalOf(a.rafiki.change(name, input()))).codes).toEqual([code])
  })

  it('a quote can be used once, a payment that is funded is not cancelled', async () => {
    const { payment } = await order()
    const { walletAddressId } = a
    const id = payment.text('payment.id')
    const again = a.rafiki.change('createOutgoingPayment', { walletAddressId, quoteId: id })
    expect((await refusalOf(again)).codes).toEqual(['BAD_USER_INPUT'])
    await a.rafiki.change('depositOutgoingPaymentLiquidity', { outgoingPaymentId: id, ...key() })
    expect((await refusalOf(a.rafiki.change('cancelOutgoingPayment', { id }))).codes).toEqual(['CONFLICT'])
    const twice = a.rafiki.change('depositOutgoingPaymentLiquidity', { outgoingPaymentId: id, ...key() })
    expect((await refusalOf(twice)).codes).toEqual(['CONFLICT'])
  })
})
