import { createHmac } from 'node:crypto'
import { canonicalize } from 'json-canonicalize'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { z } from 'zod'
import { refusalOf } from '../../harness/admin-client.js'
import { startNode, type TestNode } from '../../harness/node.js'
import { WEBHOOK_SECRET } from '../../harness/node-settings.js'
import { createTenant, type TestTenant } from '../../harness/tenant-clients.js'
import { waitFor } from '../../harness/wait-for.js'
import { type ReceivedWebhook, WebhookListener } from '../../harness/webhook-listener.js'

const anything = z.record(z.string(), z.unknown())
const events = z.object({
  webhookEvents: z.object({
    edges: z.array(
      z.object({
        node: z.object({
          id: z.string(),
          type: z.string(),
          state: z.string(),
          attempts: z.number(),
          statusCode: z.number().nullable(),
          lastError: z.string().nullable(),
        }),
      }),
    ),
  }),
})
const LIST = `query ($filter: WebhookEventFilter) {
  webhookEvents(filter: $filter) { edges { node { id type state attempts statusCode lastError deliveredAt nextAttemptAt } } }
}`
const REPLAY = 'mutation ($input: ReplayWebhookEventsInput!) { replayWebhookEvents(input: $input) { count } }'
const ROTATE =
  'mutation ($input: RotateWebhookSecretInput!) { rotateWebhookSecret(input: $input) { tenant { webhookSecret formerWebhookSecretUntil } } }'
const SET = 'mutation ($input: CreateTenantSettingsInput!) { createTenantSettings(input: $input) { settings { key } } }'

let node: TestNode
let bank: WebhookListener
let shop: TestTenant
let asset: string

beforeAll(async () => {
  node = await startNode({ name: 'a' })
  bank = await WebhookListener.start()
  shop = await createTenant(node, { WEBHOOK_URL: bank.url, WALLET_ADDRESS_URL: 'http://shop.example' })
  const query = 'mutation ($input: CreateAssetInput!) { createAsset(input: $input) { asset { id } } }'
  const shape = z.object({ createAsset: z.object({ asset: z.object({ id: z.string() }) }) })
  const answer = await shop.client.request(query, { input: { code: 'KES', scale: 2 } }, shape)
  asset = answer.createAsset.asset.id
})
afterAll(async () => {
  await node.stop()
  await bank.close()
})

let made = 0

/** Something that happens to the shop: an incoming payment, whose creation is told. */
async function happen(): Promise<string> {
  made += 1
  const address =
    'mutation ($input: CreateWalletAddressInput!) { createWalletAddress(input: $input) { walletAddress { id } } }'
  const addressShape = z.object({ createWalletAddress: z.object({ walletAddress: z.object({ id: z.string() }) }) })
  const input = { assetId: asset, address: `http://shop.example/${made}` }
  const { createWalletAddress } = await shop.client.request(address, { input }, addressShape)
  const payment =
    'mutation ($input: CreateIncomingPaymentInput!) { createIncomingPayment(input: $input) { payment { id } } }'
  const paymentShape = z.object({ createIncomingPayment: z.object({ payment: z.object({ id: z.string() }) }) })
  const walletAddressId = createWalletAddress.walletAddress.id
  const answer = await shop.client.request(payment, { input: { walletAddressId } }, paymentShape)
  return answer.createIncomingPayment.payment.id
}

function about(id: string): ReceivedWebhook[] {
  return bank.received.filter(({ data }) => data.id === id)
}

async function webhookSecret(): Promise<string> {
  const shape = z.object({ tenant: z.object({ webhookSecret: z.string() }) })
  const query = 'query ($id: String!) { tenant(id: $id) { webhookSecret } }'
  return (await shop.client.request(query, { id: shop.id }, shape)).tenant.webhookSecret
}

/** Which of the secrets signed a webhook, in the order of its header. */
function signers({ id, type, data, signature }: ReceivedWebhook, secrets: Record<string, string>): string[] {
  const [time = '', ...signatures] = signature.split(', ')
  const text = `${time.slice('t='.length)}.${canonicalize({ id, type, data })}`
  return signatures.map((each) => {
    const made = Object.entries(secrets).find(
      ([, secret]) => each === `v1=${createHmac('sha256', secret).update(text).digest('hex')}`,
    )
    return made?.[0] ?? 'nobody'
  })
}

describe('a tenant’s webhooks', () => {
  it('go to its own receiver, signed with its own secret', async () => {
    const id = await happen()
    const event = await waitFor('the webhook', () => about(id)[0])
    expect(signers(event, { operator: WEBHOOK_SECRET, shop: await webhookSecret() })).toEqual(['shop'])
    expect(node.operator.events).toEqual([])
  })

  it('are signed with both secrets after a rotation, and with the new one alone when the former is void', async () => {
    const former = await webhookSecret()
    const kept = await shop.client.request(ROTATE, { input: { keepFormerSeconds: 3_600 } }, anything)
    expect(kept).toMatchObject({ rotateWebhookSecret: { tenant: { formerWebhookSecretUntil: expect.any(String) } } })
    const current = await webhookSecret()
    expect(current).not.toBe(former)
    const first = await happen()
    const both = await waitFor('the webhook', () => about(first)[0])
    expect(signers(both, { former, current })).toEqual(['former', 'current'])
    await node.admin.client.request(ROTATE, { input: { tenantId: shop.id, keepFormerSeconds: 0 } }, anything)
    const second = await happen()
    const alone = await waitFor('the webhook', () => about(second)[0])
    expect(signers(alone, { current, newest: await webhookSecret() })).toEqual(['newest'])
  })

  it('are dead after as many retries as the tenant has set, seen as such, and replayed when chosen', async () => {
    const set = (value: string) =>
      shop.client.request(SET, { input: { settings: [{ key: 'WEBHOOK_MAX_RETRY', value }] } }, anything)
    await set('0')
    bank.answer = () => 503
    const id = await happen()
    const list = (filter: unknown) => shop.client.request(LIST, { filter }, events)
    const dead = await waitFor('the dead event', async () => {
      const found = await list({ state: { in: ['DEAD'] } })
      return found.webhookEvents.edges[0]?.node
    })
    expect(dead).toMatchObject({ type: 'incoming_payment.created', attempts: 1, statusCode: 503 })
    expect(dead.lastError).toContain('503')
    bank.answer = () => 200
    const replayed = await shop.client.request(REPLAY, { input: { states: ['DEAD'] } }, anything)
    expect(replayed).toEqual({ replayWebhookEvents: { count: 1 } })
    await waitFor('the event again', () => about(id).length === 2)
    await waitFor('its delivery', async () => {
      const found = await list({ state: { in: ['DELIVERED'] } })
      return found.webhookEvents.edges.some(({ node: event }) => event.id === dead.id)
    })
    await set('10')
  })

  it('are replayed by id, by type and by time, each tenant its own only', async () => {
    const id = await happen()
    const [event] = await waitFor('the webhook', () => (about(id).length > 0 ? about(id) : undefined))
    const ids = [event?.id]
    const count = async (client: TestTenant['client'], input: unknown) =>
      client.request(REPLAY, { input }, z.object({ replayWebhookEvents: z.object({ count: z.number() }) }))
    const of = (number: number) => ({ replayWebhookEvents: { count: number } })
    expect(await count(shop.client, { ids })).toEqual(of(1))
    await waitFor('the event again', () => about(id).length === 2)
    expect(await count(node.admin.client, { ids })).toEqual(of(0))
    expect(await count(node.admin.client, { ids, tenantId: shop.id })).toEqual(of(1))
    await waitFor('the event a third time', () => about(id).length === 3)
    expect(await count(shop.client, { types: ['outgoing_payment.failed'] })).toEqual(of(0))
    expect(await count(shop.client, { to: '2020-01-01T00:00:00Z' })).toEqual(of(0))
    const { replayWebhookEvents } = await count(shop.client, { from: '2020-01-01T00:00:00Z' })
    expect(replayWebhookEvents.count).toBe(made)
  })

  it('are not replayed all at once by mistake', async () => {
    const refusal = await refusalOf(shop.client.request(REPLAY, { input: {} }, anything))
    expect(refusal.codes).toEqual(['BAD_USER_INPUT'])
    expect(refusal.message).toContain('must choose events')
  })
})
