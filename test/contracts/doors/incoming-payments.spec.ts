import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { z } from 'zod'
import { refusalOf } from '../../harness/admin-client.js'
import { type Customer, openAsset, openCustomer, TestNetwork } from '../../harness/network.js'
import { startNode, type TestNode } from '../../harness/node.js'
import { createTenant, type TestTenant } from '../../harness/tenant-clients.js'

const anything = z.record(z.string(), z.unknown())
const PAYMENT = '{ payment { id state metadata approvedAt cancelledAt cancellationReason senderWalletAddress } }'
const mutation = (name: string, input: string) => `mutation ($input: ${input}!) { ${name}(input: $input) ${PAYMENT} }`
const APPROVE = mutation('approveIncomingPayment', 'ApproveIncomingPaymentInput')
const CANCEL = mutation('cancelIncomingPayment', 'CancelIncomingPaymentInput')
const UPDATE = mutation('updateIncomingPayment', 'UpdateIncomingPaymentInput')
const CREATE = mutation('createIncomingPayment', 'CreateIncomingPaymentInput')
const COMPLETE =
  'mutation ($input: CompleteReceiverInput!) { completeReceiver(input: $input) { receiver { id completed } } }'
const PAYMENTS = `query ($filter: PaymentFilter, $first: Int, $after: String, $tenantId: String) {
  payments(filter: $filter, first: $first, after: $after, tenantId: $tenantId) {
    edges { cursor node { id type state walletAddressId liquidity tenant { id } } } pageInfo { hasNextPage }
  }
}`
const page = z.object({
  payments: z.object({
    edges: z.array(z.object({ cursor: z.string(), node: z.looseObject({ id: z.string(), type: z.string() }) })),
    pageInfo: z.object({ hasNextPage: z.boolean() }),
  }),
})

let network: TestNetwork
let stranger: TestTenant
let alice: Customer

beforeAll(async () => {
  network = await TestNetwork.start()
  stranger = await createTenant(network.a)
  alice = network.aliceUsd
})
afterAll(() => network?.stop())

const ask = (query: string, input: Record<string, unknown>) =>
  network.a.admin.client.request(query, { input }, anything)
const codes = async (attempt: Promise<unknown>) => (await refusalOf(attempt)).codes
const open = async () => (await network.a.admin.createIncomingPayment(alice.walletAddressId)).id

describe('the operator’s decision about an incoming payment', () => {
  it('may be to approve it, once and for all', async () => {
    const id = await open()
    const approved = { approveIncomingPayment: { payment: { id, approvedAt: expect.any(String), cancelledAt: null } } }
    expect(await ask(APPROVE, { id })).toMatchObject(approved)
    expect(await ask(APPROVE, { id })).toMatchObject(approved)
    expect(await codes(ask(CANCEL, { id }))).toEqual(['FORBIDDEN'])
  })

  it('may be to cancel it: nobody can pay it any more', async () => {
    const payment = await network.a.admin.createIncomingPayment(alice.walletAddressId)
    const cancelled = {
      cancelIncomingPayment: {
        payment: { state: 'EXPIRED', cancelledAt: expect.any(String), cancellationReason: 'unknown sender' },
      },
    }
    expect(await ask(CANCEL, { id: payment.id, cancellationReason: 'unknown sender' })).toMatchObject(cancelled)
    expect(await ask(CANCEL, { id: payment.id, cancellationReason: 'another' })).toMatchObject(cancelled)
    expect(await codes(ask(APPROVE, { id: payment.id }))).toEqual(['FORBIDDEN'])
    const quote = network.a.admin.createQuote({
      walletAddressId: network.andyUsd.walletAddressId,
      receiver: payment.url,
      debitAmount: { value: 100n, assetCode: 'USD', assetScale: 2 },
    })
    await expect(quote).rejects.toThrow()
  })

  it('may be to describe it otherwise', async () => {
    const created = await ask(CREATE, {
      walletAddressId: alice.walletAddressId,
      metadata: { invoice: 1 },
      senderWalletAddress: 'https://wallet.example/carol',
    })
    const shape = z.object({ createIncomingPayment: z.object({ payment: z.looseObject({ id: z.string() }) }) })
    const { payment } = shape.parse(created).createIncomingPayment
    expect(payment).toMatchObject({ metadata: { invoice: 1 }, senderWalletAddress: 'https://wallet.example/carol' })
    expect(await ask(UPDATE, { id: payment.id, metadata: { invoice: 2, note: 'late' } })).toMatchObject({
      updateIncomingPayment: { payment: { metadata: { invoice: 2, note: 'late' } } },
    })
  })

  it('is not for others', async () => {
    const id = await open()
    const other = (query: string, input: Record<string, unknown>) => stranger.client.request(query, { input }, anything)
    expect(await codes(other(APPROVE, { id }))).toEqual(['NOT_FOUND'])
    expect(await codes(other(CANCEL, { id }))).toEqual(['NOT_FOUND'])
    expect(await codes(other(UPDATE, { id, metadata: {} }))).toEqual(['NOT_FOUND'])
  })
})

describe('a receiver', () => {
  it('is completed by its own tenant, and by no other', async () => {
    const { id } = await network.a.admin.createReceiver(alice.url)
    const attempt = stranger.client.request(COMPLETE, { input: { incomingPaymentUrl: id } }, anything)
    expect(await codes(attempt)).toEqual(['NOT_FOUND'])
    expect(await ask(COMPLETE, { incomingPaymentUrl: id })).toEqual({
      completeReceiver: { receiver: { id, completed: true } },
    })
    expect(await codes(ask(COMPLETE, { incomingPaymentUrl: id }))).toEqual(['CONFLICT'])
  })
})

describe('all payments in one list', () => {
  it('are incoming and outgoing ones, newest first, page by page and as chosen', async () => {
    const { payment } = await network.pay(network.aliceUsd, network.andyUsd, { debit: 100n })
    const list = async (variables: Record<string, unknown>) =>
      (await network.a.admin.client.request(PAYMENTS, variables, page)).payments
    const [newest] = (await list({ first: 1 })).edges
    expect(newest?.node).toMatchObject({ id: payment.id, type: 'OUTGOING', state: 'COMPLETED' })
    const next = await list({ first: 1, after: newest?.cursor })
    expect(next.edges[0]?.node).toMatchObject({ type: 'INCOMING', walletAddressId: network.andyUsd.walletAddressId })
    expect(next.pageInfo.hasNextPage).toBe(true)
    const outgoing = await list({ filter: { type: { in: ['OUTGOING'] } } })
    expect(outgoing.edges.map(({ node }) => node.id)).toEqual([payment.id])
    const andys = await list({ filter: { walletAddressId: { in: [network.andyUsd.walletAddressId] } } })
    expect(andys.edges.map(({ node }) => node.type)).toEqual(['INCOMING'])
    expect((await stranger.client.request(PAYMENTS, {}, page)).payments.edges).toEqual([])
    expect((await list({ tenantId: stranger.id })).edges).toEqual([])
  })
})

describe('a node whose operator sees every incoming payment first', () => {
  let strict: TestNode
  let customer: Customer

  beforeAll(async () => {
    const env = {
      POLL_INCOMING_PAYMENT_CREATED_WEBHOOK: 'true',
      INCOMING_PAYMENT_CREATED_POLL_TIMEOUT_MS: '3000',
      INCOMING_PAYMENT_CREATED_POLL_FREQUENCY_MS: '20',
    }
    strict = await startNode({ name: 'a', env })
    customer = await openCustomer(strict, 'carol', await openAsset(strict, 'USD', 2, 0n))
  })
  afterAll(() => strict?.stop())

  const decide = async (decision: string, note: string) => {
    const { data } = await strict.operator.eventWhere('incoming_payment.created', ({ data }) => {
      return JSON.stringify(data.metadata) === JSON.stringify({ note })
    })
    await strict.admin.client.request(decision, { input: { id: data.id } }, anything)
  }
  const make = (note: string) => {
    const input = { walletAddressId: customer.walletAddressId, metadata: { note } }
    return strict.admin.client.request(CREATE, { input }, anything)
  }

  it('makes what it approves, and refuses what it cancels or does not look at', async () => {
    const [approved, cancelled, forgotten] = [make('good'), refusalOf(make('bad')), refusalOf(make('unseen'))]
    await decide(APPROVE, 'good')
    await decide(CANCEL, 'bad')
    expect(await approved).toMatchObject({ createIncomingPayment: { payment: { metadata: { note: 'good' } } } })
    expect((await cancelled).codes).toEqual(['TIMEOUT'])
    expect((await forgotten).message).toContain('not approved it within 3000 ms')
  })
})
