import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { z } from 'zod'
import { type AdminClient, refusalOf } from '../../harness/admin-client.js'
import { freePorts } from '../../harness/listen.js'
import { startNode, type TestNode } from '../../harness/node.js'
import { codeOfPacket } from '../../harness/packet-posting.js'
import { createTenant, type TestTenant } from '../../harness/tenant-clients.js'
import { waitFor } from '../../harness/wait-for.js'

const anything = z.record(z.string(), z.unknown())
const NOBODY = 'http://127.0.0.1:9/'
const FILL = '{ limit left }'
const STATISTICS = '{ fulfilledPackets fulfilledAmount rejectedPackets rejectedAmount rejections { code packets } }'
const ACCOUNT = `{ id name staticIlpAddress asset { code scale } tenant { id }
  balance { available reserved expected creditLine maximum }
  limits { maxPacketAmount packetsPerMinute ${FILL} incomingAmountPerSecond ${FILL} outgoingAmountPerSecond ${FILL} }
  incoming ${STATISTICS} outgoing ${STATISTICS} }`
const ALERTS =
  'query ($tenantId: ID) { connectorAlerts(tenantId: $tenantId) { id kind accountId message count tenant { id } } }'
const ROUTES = `query ($after: String, $first: Int) { connectorRoutes(after: $after, first: $first) {
  pageInfo { endCursor hasNextPage hasPreviousPage } edges { node { prefix peerId } cursor } } }`
const ROUTE = 'query ($destination: String!) { connectorRoute(destination: $destination) { prefix peerId } }'

let node: TestNode
let monitoringUrl: string
let shop: TestTenant
let alice: string
let bob: string
let shopsPeer: string

const ask = (client: AdminClient, query: string, variables: Record<string, unknown> = {}) =>
  client.request(query, variables, anything)

async function createPeer(client: AdminClient, address: string, more: Record<string, unknown> = {}): Promise<string> {
  const asset = z.object({ createAsset: z.object({ asset: z.object({ id: z.string() }) }) })
  const known = await ask(client, '{ assets { edges { node { id code } } } }')
  const found = z
    .object({ assets: z.object({ edges: z.array(z.object({ node: z.object({ id: z.string() }) })) }) })
    .parse(known).assets.edges[0]?.node.id
  const create = 'mutation ($input: CreateAssetInput!) { createAsset(input: $input) { asset { id } } }'
  const assetId =
    found ?? asset.parse(await ask(client, create, { input: { code: 'USD', scale: 2 } })).createAsset.asset.id
  const http = {
    incoming: { authTokens: [`token-of-${address}`] },
    outgoing: { authToken: 'token', endpoint: NOBODY },
  }
  const shape = z.object({ createPeer: z.object({ peer: z.object({ id: z.string() }) }) })
  const query = 'mutation ($input: CreatePeerInput!) { createPeer(input: $input) { peer { id } } }'
  const input = { assetId, staticIlpAddress: address, http, initialLiquidity: 1_000n, ...more }
  return shape.parse(await ask(client, query, { input })).createPeer.peer.id
}

beforeAll(async () => {
  const [port = 0] = await freePorts(1)
  node = await startNode({ name: 'a', env: { MONITORING_PORT: `${port}` } })
  monitoringUrl = `http://127.0.0.1:${port}`
  shop = await createTenant(node, { WALLET_ADDRESS_URL: 'https://shop.example' })
  const limits = { packetsPerMinute: 60, incomingAmountPerSecond: 5_000n }
  alice = await createPeer(node.admin.client, 'test.alice', { name: 'Alice', limits, maxPacketAmount: 800n })
  bob = await createPeer(node.admin.client, 'test.bob', { routes: ['test.far', 'test'], liquidityThreshold: 1_000n })
  shopsPeer = await createPeer(shop.client, 'test.shopspeer')
})
afterAll(() => node.stop())

const sendAsAlice = (amount: bigint) => codeOfPacket(node, 'token-of-test.alice', amount)

describe('the live view of accounts', () => {
  it('shows balances, limits with what is left of them, and packets by their outcome', async () => {
    expect(await sendAsAlice(500n)).toBe('T01')
    expect(await sendAsAlice(801n)).toBe('F08')
    const { connectorAccount } = await ask(
      node.admin.client,
      `query ($id: String!) { connectorAccount(id: $id) ${ACCOUNT} }`,
      { id: alice },
    )
    const nothing = { fulfilledPackets: '0', fulfilledAmount: '0', rejectedPackets: '0', rejectedAmount: '0' }
    expect(connectorAccount).toMatchObject({
      ...{ id: alice, name: 'Alice', staticIlpAddress: 'test.alice', asset: { code: 'USD', scale: 2 } },
      balance: { available: '1000', reserved: '0', expected: '0', creditLine: '0', maximum: null },
      limits: {
        maxPacketAmount: '800',
        packetsPerMinute: { limit: '60' },
        incomingAmountPerSecond: { limit: '5000' },
        outgoingAmountPerSecond: null,
      },
      incoming: {
        ...{ ...nothing, rejectedPackets: '2', rejectedAmount: '1301' },
        rejections: [
          { code: 'T01', packets: '1' },
          { code: 'F08', packets: '1' },
        ],
      },
      outgoing: { ...nothing, rejections: [] },
    })
    const limits = z.object({ limits: z.object({ packetsPerMinute: z.object({ left: z.coerce.number() }) }) })
    // Two were taken; by now one may have come back.
    expect([58, 59]).toContain(limits.parse(connectorAccount).limits.packetsPerMinute.left)
  })

  it('is paged, and shows a tenant its own accounts only', async () => {
    const list = `query ($first: Int, $after: String) { connectorAccounts(first: $first, after: $after, sortOrder: ASC) {
      pageInfo { hasNextPage } edges { node { id tenant { id } } } } }`
    const nodes = z.object({
      connectorAccounts: z.object({
        pageInfo: z.object({ hasNextPage: z.boolean() }),
        edges: z.array(z.object({ node: z.object({ id: z.string() }) })),
      }),
    })
    const seen = async (client: AdminClient, variables: Record<string, unknown> = {}) => {
      const { edges, pageInfo } = nodes.parse(await ask(client, list, variables)).connectorAccounts
      return [edges.map((edge) => edge.node.id), pageInfo.hasNextPage]
    }
    expect(await seen(node.admin.client)).toEqual([[alice, bob, shopsPeer], false])
    expect(await seen(node.admin.client, { first: 1, after: alice })).toEqual([[bob], true])
    expect(await seen(shop.client)).toEqual([[shopsPeer], false])
    const foreign = ask(shop.client, `query ($id: String!) { connectorAccount(id: $id) { id } }`, { id: alice })
    expect((await refusalOf(foreign)).codes).toEqual(['NOT_FOUND'])
  })
})

describe('the live view of a peer that fails', () => {
  const LINKS = `query ($id: String!) { connectorAccount(id: $id) {
    links { endpoint state failures since pausedUntil lastFailure lastFailureAt } } }`
  const links = z.object({
    connectorAccount: z.object({ links: z.array(z.record(z.string(), z.unknown())) }),
  })
  const linksOf = async (id: string) => links.parse(await ask(node.admin.client, LINKS, { id })).connectorAccount.links

  it('says since when, why, and that nothing is sent to it', async () => {
    expect(await linksOf(alice)).toEqual([])
    for (let amount = 11n; amount <= 15n; amount++) expect(await sendAsAlice(amount)).toBe('T01')
    const [link] = await linksOf(bob)
    expect(link).toMatchObject({
      ...{ endpoint: NOBODY, state: 'PAUSED', lastFailure: 'ECONNREFUSED' },
      ...{ since: expect.stringMatching(/^20.*Z$/), lastFailureAt: expect.stringMatching(/^20.*Z$/) },
    })
    expect(z.object({ failures: z.number() }).parse(link).failures).toBeGreaterThanOrEqual(5)
    const metrics = await (await fetch(`${monitoringUrl}/metrics`)).text()
    expect(metrics).toMatch(new RegExp(`ilp_connector_paused_links\\{account="${bob}"[^}]*\\} 1`))
    expect(metrics).not.toMatch(new RegExp(`ilp_connector_paused_links\\{account="${alice}"`))
  })
})

describe('the live view of routes', () => {
  it('pages through the prefixes in their order', async () => {
    const page = z.object({
      connectorRoutes: z.object({
        pageInfo: z.object({ endCursor: z.string().nullable(), hasNextPage: z.boolean() }),
        edges: z.array(z.object({ node: z.object({ prefix: z.string(), peerId: z.string() }) })),
      }),
    })
    const seen: string[] = []
    let after: string | null = null
    for (let pages = 0; pages < 3; pages++) {
      const { connectorRoutes } = page.parse(await ask(node.admin.client, ROUTES, { after, first: 2 }))
      seen.push(...connectorRoutes.edges.map((edge) => edge.node.prefix))
      after = connectorRoutes.pageInfo.endCursor
      expect(connectorRoutes.pageInfo.hasNextPage).toBe(pages < 2)
    }
    expect(seen).toEqual(['test', 'test.alice', 'test.bob', 'test.far', 'test.shopspeer'])
    const own = page.parse(await ask(shop.client, ROUTES)).connectorRoutes
    expect(own.edges.map((edge) => edge.node)).toEqual([{ prefix: 'test.shopspeer', peerId: shopsPeer }])
    expect((await refusalOf(ask(node.admin.client, ROUTES, { after: 'x' }))).codes).toEqual(['BAD_USER_INPUT'])
    expect((await refusalOf(ask(node.admin.client, ROUTES, { first: 101 }))).codes).toEqual(['BAD_USER_INPUT'])
  })

  it('tells the way to one address, in the tenant that asks', async () => {
    const way = (client: AdminClient, destination: string) => ask(client, ROUTE, { destination })
    expect(await way(node.admin.client, 'test.far.away')).toEqual({
      connectorRoute: { prefix: 'test.far', peerId: bob },
    })
    expect(await way(node.admin.client, 'test.farther')).toEqual({ connectorRoute: { prefix: 'test', peerId: bob } })
    expect(await way(node.admin.client, 'test.alice')).toEqual({
      connectorRoute: { prefix: 'test.alice', peerId: alice },
    })
    expect(await way(shop.client, 'test.alice')).toEqual({ connectorRoute: null })
  })
})

describe('the live view of alerts', () => {
  const shown = z.object({
    connectorAlerts: z.array(
      z.object({ id: z.string(), kind: z.string(), accountId: z.string(), message: z.string() }),
    ),
  })
  const alertsOf = async (client: AdminClient, variables: Record<string, unknown> = {}) =>
    shown.parse(await ask(client, ALERTS, variables)).connectorAlerts

  it('shows liquidity that is low while it is, to whom it concerns', async () => {
    const find = async () =>
      (await alertsOf(node.admin.client)).find(({ kind, accountId }) => kind === 'LIQUIDITY_LOW' && accountId === bob)
    await waitFor('the alert is there', find)
    expect(await alertsOf(shop.client)).toEqual([])
    expect(await alertsOf(node.admin.client, { tenantId: shop.id })).toEqual([])
    expect((await refusalOf(ask(shop.client, ALERTS, { tenantId: node.env.OPERATOR_TENANT_ID }))).codes).toEqual([
      'BAD_USER_INPUT',
    ])
  })

  it('shows a next hop that cannot be reached, until it is dismissed or happens again', async () => {
    const find = async () =>
      (await alertsOf(node.admin.client)).find(
        ({ kind, accountId }) => kind === 'PEER_UNREACHABLE' && accountId === bob,
      )
    expect(await sendAsAlice(2n)).toBe('T01')
    const alert = await find()
    expect(alert?.message).toMatch(/^peer unreachable\. peer=test\.bob /)
    const dismiss =
      'mutation ($input: DismissConnectorAlertInput!) { dismissConnectorAlert(input: $input) { success } }'
    const asShop = await ask(shop.client, dismiss, { input: { id: alert?.id } })
    expect(asShop).toEqual({ dismissConnectorAlert: { success: false } })
    const asOperator = await ask(node.admin.client, dismiss, { input: { id: alert?.id } })
    expect(asOperator).toEqual({ dismissConnectorAlert: { success: true } })
    expect(await find()).toBeUndefined()
    expect(await sendAsAlice(3n)).toBe('T01')
    expect(await find()).toBeDefined()
  })

  it('says so when there is nothing to dismiss', async () => {
    const dismiss =
      'mutation ($input: DismissConnectorAlertInput!) { dismissConnectorAlert(input: $input) { success } }'
    expect(await ask(node.admin.client, dismiss, { input: { id: bob } })).toEqual({
      dismissConnectorAlert: { success: false },
    })
  })
})

describe('the metrics and the health of a process', () => {
  it("have the classic connector's names, and balances with its sign", async () => {
    await sendAsAlice(1n)
    const text = await (await fetch(`${monitoringUrl}/metrics`)).text()
    const names = [
      ...['incoming_ilp_packets', 'incoming_ilp_packet_value', 'outgoing_ilp_packets', 'outgoing_ilp_packet_value'],
      ...['incoming_money', 'outgoing_money', 'rate_limited_ilp_packets', 'rate_limited_money', 'balance'],
    ]
    for (const name of names) expect(text).toContain(`# TYPE ilp_connector_${name} `)
    // Alice has prepaid 1,000 and was fulfilled nothing.
    expect(text).toMatch(new RegExp(`ilp_connector_balance\\{account="${alice}",asset="USD",scale="2".*\\} -1000`))
    expect(text).toContain('ilp_connector_step_seconds')
  })

  it('tell how long work has waited, and stay ready', async () => {
    await node.database.query(
      `insert into webhook_events (id, tenant_id, type, data, resource_key, due_at)
       select gen_random_uuid(), id, 'peer.liquidity_low', '{}', 'x', now() - interval '1 hour' from tenants where id = $1`,
      [shop.id],
    )
    // The first check of this process: one check serves all callers of a second.
    const ready = await (await fetch(`${monitoringUrl}/readyz`)).json()
    const queueLagMs = { 'outgoing-payments': 0, 'incoming-payments': 0, webhooks: expect.any(Number) }
    expect(ready).toMatchObject({ healthy: true, queueLagMs })
    const waited = z.object({ queueLagMs: z.object({ webhooks: z.number().min(3_600_000) }) })
    expect(waited.safeParse(ready).success).toBe(true)
    const text = await (await fetch(`${monitoringUrl}/metrics`)).text()
    expect(text).toMatch(/kivuko_queue_lag_seconds\{queue="webhooks".*\} 36\d\d/)
  })
})
