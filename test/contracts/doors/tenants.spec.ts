import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { z } from 'zod'
import { AdminClient, refusalOf } from '../../harness/admin-client.js'
import { startNode, type TestNode } from '../../harness/node.js'
import { ADMIN_SECRET, TENANT_ID } from '../../harness/node-settings.js'
import { createTenant, type TestTenant } from '../../harness/tenant-clients.js'

const anything = z.record(z.string(), z.unknown())
const TENANT = '{ id email publicName apiSecret idpConsentUrl idpSecret createdAt deletedAt settings { key value } }'
const CREATE = `mutation ($input: CreateTenantInput!) { createTenant(input: $input) { tenant ${TENANT} } }`
const UPDATE = `mutation ($input: UpdateTenantInput!) { updateTenant(input: $input) { tenant ${TENANT} } }`
const DELETE = 'mutation ($id: String!) { deleteTenant(id: $id) { success } }'
const SET =
  'mutation ($input: CreateTenantSettingsInput!) { createTenantSettings(input: $input) { settings { key value } } }'
const READ = `query ($id: String!) { tenant(id: $id) ${TENANT} }`
const WHOAMI = '{ whoami { id isOperator } }'

let node: TestNode
let shop: TestTenant
let cafe: TestTenant

beforeAll(async () => {
  node = await startNode({ name: 'a' })
  shop = await createTenant(node, { WALLET_ADDRESS_URL: 'https://shop.example', WEBHOOK_TIMEOUT: '5000' })
  cafe = await createTenant(node)
})
afterAll(() => node.stop())

const asOperator = (query: string, variables: Record<string, unknown> = {}) =>
  node.admin.client.request(query, variables, anything)
const asShop = (query: string, variables: Record<string, unknown> = {}) =>
  shop.client.request(query, variables, anything)

describe('a tenant at the admin door', () => {
  it('is known by its own secret, and is no operator', async () => {
    expect(await asShop(WHOAMI)).toEqual({ whoami: { id: shop.id, isOperator: false } })
    expect(await asOperator(WHOAMI)).toEqual({ whoami: { id: TENANT_ID, isOperator: true } })
  })

  it('is made as it was asked for', async () => {
    const id = randomUUID()
    const input = {
      id,
      email: 'ops@kiosk.example',
      publicName: 'Kiosk',
      apiSecret: 'the secret of the kiosk'.replaceAll(' ', '-'),
      idpConsentUrl: 'https://kiosk.example/consent',
      idpSecret: 'of the consent page',
      settings: [{ key: 'WEBHOOK_URL', value: 'https://kiosk.example/hooks' }],
    }
    const { settings, ...described } = input
    const expected = { ...described, deletedAt: null, settings: expect.arrayContaining(settings) }
    expect(await asOperator(CREATE, { input })).toMatchObject({ createTenant: { tenant: expected } })
    expect(await asOperator(READ, { id })).toMatchObject({ tenant: expected })
  })

  it('has its secrets sealed in the database', async () => {
    const [row] = await node.database.query('select api_secret, webhook_secret from tenants where id = $1', [shop.id])
    expect(JSON.stringify(row)).not.toContain(shop.apiSecret)
    expect(row?.api_secret).toMatch(/^[A-Za-z0-9+/=]{80,}$/)
  })

  it.each<[string, Record<string, unknown>, string]>([
    ['a short secret', { apiSecret: 'short' }, '16 to 512 characters'],
    ['an id that is no UUID of version 4', { id: '00000000-0000-1000-8000-000000000000' }, 'UUID of version 4'],
    ['a wrong setting', { settings: [{ key: 'WEBHOOK_TIMEOUT', value: '-1' }] }, 'WEBHOOK_TIMEOUT'],
    ['a consent page that is no address', { idpConsentUrl: 'javascript:alert(1)' }, 'idpConsentUrl'],
  ])('is refused with %s', async (_what, over, why) => {
    const input = { apiSecret: 'a-secret-long-enough', ...over }
    const refusal = await refusalOf(asOperator(CREATE, { input }))
    expect(refusal.codes).toEqual(['BAD_USER_INPUT'])
    expect(refusal.message).toContain(why)
  })

  it('cannot have the id or the wallet address URL of another', async () => {
    const apiSecret = 'a-secret-long-enough'
    expect((await refusalOf(asOperator(CREATE, { input: { apiSecret, id: shop.id } }))).codes).toEqual(['DUPLICATE'])
    const settings = [{ key: 'WALLET_ADDRESS_URL', value: 'https://SHOP.example/' }]
    const taken = async (attempt: Promise<unknown>) =>
      expect((await refusalOf(attempt)).codes).toEqual(['BAD_USER_INPUT'])
    await taken(asOperator(CREATE, { input: { apiSecret, settings } }))
    await taken(cafe.client.request(SET, { input: { settings } }, anything))
  })

  it('has the ILP address that the node gives it, and can have no other', async () => {
    const set = (value: string) =>
      cafe.client.request(SET, { input: { settings: [{ key: 'ILP_ADDRESS', value }] } }, anything)
    for (const other of ['test.a', 'test.a.cafe', `test.a.${shop.id}`, 'g.cafe']) {
      const refusal = await refusalOf(set(other))
      expect(refusal.codes, other).toEqual(['BAD_USER_INPUT'])
      expect(refusal.message).toContain(`expected "test.a.${cafe.id}"`)
    }
    const settings = [{ key: 'ILP_ADDRESS', value: `test.a.${cafe.id}` }]
    expect(await set(`test.a.${cafe.id}`)).toEqual({ createTenantSettings: { settings } })
  })

  it('sets its own settings, and the operator sets them for it', async () => {
    const settings = [{ key: 'WEBHOOK_MAX_RETRY', value: '7' }]
    await asShop(SET, { input: { settings } })
    await asOperator(SET, { input: { tenantId: shop.id, settings: [{ key: 'WEBHOOK_TIMEOUT', value: '3000' }] } })
    expect(await asShop(READ, { id: shop.id })).toMatchObject({
      tenant: {
        settings: expect.arrayContaining([
          { key: 'WEBHOOK_MAX_RETRY', value: '7' },
          { key: 'WEBHOOK_TIMEOUT', value: '3000' },
          { key: 'WALLET_ADDRESS_URL', value: 'https://shop.example' },
        ]),
      },
    })
  })

  it('neither sees nor changes another, nor all of them', async () => {
    const codes = async (attempt: Promise<unknown>) => (await refusalOf(attempt)).codes
    expect(await codes(asShop(READ, { id: cafe.id }))).toEqual(['NOT_FOUND'])
    expect(await codes(asShop(READ, { id: TENANT_ID }))).toEqual(['NOT_FOUND'])
    expect(await codes(asShop(UPDATE, { input: { id: cafe.id, publicName: 'x' } }))).toEqual(['NOT_FOUND'])
    expect(await codes(asShop('{ tenants { edges { node { id } } } }'))).toEqual(['FORBIDDEN'])
    expect(await codes(asShop(CREATE, { input: { apiSecret: 'a-secret-long-enough' } }))).toEqual(['FORBIDDEN'])
    expect(await codes(asShop(DELETE, { id: shop.id }))).toEqual(['FORBIDDEN'])
    const settings = [{ key: 'WEBHOOK_URL', value: 'https://thief.example' }]
    expect(await codes(asShop(SET, { input: { tenantId: cafe.id, settings } }))).toEqual(['BAD_USER_INPUT'])
  })

  it('has rows of its own, which the operator can make for it and others do not see', async () => {
    const query = 'mutation ($input: CreateAssetInput!) { createAsset(input: $input) { asset { id tenant { id } } } }'
    const input = { code: 'KES', scale: 2, tenantId: shop.id }
    expect(await asOperator(query, { input })).toMatchObject({ createAsset: { asset: { tenant: { id: shop.id } } } })
    const list = '{ assets { edges { node { code } } } }'
    expect(await asShop(list)).toEqual({ assets: { edges: [{ node: { code: 'KES' } }] } })
    expect(await cafe.client.request(list, {}, anything)).toEqual({ assets: { edges: [] } })
    const nobody = { code: 'KES', scale: 2, tenantId: randomUUID() }
    expect((await refusalOf(asOperator(query, { input: nobody }))).message).toContain('there is no such tenant')
  })

  it('is let in with a new secret, and no more with the old one', async () => {
    const moved = await createTenant(node)
    const apiSecret = `another-${randomUUID()}`
    await moved.client.request(UPDATE, { input: { id: moved.id, apiSecret, publicName: 'Moved' } }, anything)
    const { status } = await moved.client.post({ query: WHOAMI })
    expect(status).toBe(401)
    const renewed = new AdminClient({ url: node.adminUrl, secret: apiSecret, tenantId: moved.id })
    expect(await renewed.request(WHOAMI, {}, anything)).toMatchObject({ whoami: { id: moved.id } })
    const operator = { input: { id: TENANT_ID, apiSecret } }
    expect((await refusalOf(asOperator(UPDATE, operator))).message).toContain('ADMIN_API_SECRET')
  })

  it('is shut out once it is deleted, and is still seen by the operator', async () => {
    const gone = await createTenant(node)
    expect(await asOperator(DELETE, { id: gone.id })).toEqual({ deleteTenant: { success: true } })
    expect((await gone.client.post({ query: WHOAMI })).status).toBe(401)
    expect(await asOperator(READ, { id: gone.id })).toMatchObject({ tenant: { deletedAt: expect.any(String) } })
    expect((await refusalOf(asOperator(DELETE, { id: gone.id }))).codes).toEqual(['NOT_FOUND'])
    expect((await refusalOf(asOperator(DELETE, { id: TENANT_ID }))).codes).toEqual(['BAD_USER_INPUT'])
  })

  it('takes its wallet addresses from the public with it', async () => {
    const leaving = await createTenant(node, { WALLET_ADDRESS_URL: `${node.openPaymentsUrl}/leaving` })
    const asset = z.object({ createAsset: z.object({ asset: z.object({ id: z.string() }) }) })
    const ofAsset = 'mutation ($input: CreateAssetInput!) { createAsset(input: $input) { asset { id } } }'
    const made = await leaving.client.request(ofAsset, { input: { code: 'UGX', scale: 0 } }, asset)
    const query =
      'mutation ($input: CreateWalletAddressInput!) { createWalletAddress(input: $input) { walletAddress { id } } }'
    const address = `${node.openPaymentsUrl}/leaving/amina`
    await leaving.client.request(query, { input: { address, assetId: made.createAsset.asset.id } }, anything)
    expect((await fetch(address)).status).toBe(200)
    await asOperator(DELETE, { id: leaving.id })
    expect((await fetch(address)).status).toBe(404)
  })

  it('is listed page by page', async () => {
    const query =
      'query ($first: Int, $after: String) { tenants(first: $first, after: $after, sortOrder: ASC) { edges { cursor node { id } } pageInfo { hasNextPage } } }'
    const page = z.object({
      tenants: z.object({
        edges: z.array(z.object({ cursor: z.string() })),
        pageInfo: z.object({ hasNextPage: z.boolean() }),
      }),
    })
    const first = await node.admin.client.request(query, { first: 2 }, page)
    expect(first.tenants.edges.map(({ cursor }) => cursor)).toEqual([TENANT_ID, shop.id])
    expect(first.tenants.pageInfo.hasNextPage).toBe(true)
    const next = await node.admin.client.request(query, { first: 1, after: shop.id }, page)
    expect(next.tenants.edges.map(({ cursor }) => cursor)).toEqual([cafe.id])
  })

  it('cannot be reached with the secret of another', async () => {
    const forged = new AdminClient({ url: node.adminUrl, secret: shop.apiSecret, tenantId: cafe.id })
    expect((await forged.post({ query: WHOAMI })).status).toBe(401)
    const risen = new AdminClient({ url: node.adminUrl, secret: shop.apiSecret, tenantId: TENANT_ID })
    expect((await risen.post({ query: WHOAMI })).status).toBe(401)
    const borrowed = new AdminClient({ url: node.adminUrl, secret: ADMIN_SECRET, tenantId: shop.id })
    expect((await borrowed.post({ query: WHOAMI })).status).toBe(401)
  })
})

describe('a tenant whose addresses may not lie in the network of this node', () => {
  const CREATE_PEER = 'mutation ($input: CreatePeerInput!) { createPeer(input: $input) { peer { id } } }'
  const UPDATE_PEER = 'mutation ($input: UpdatePeerInput!) { updatePeer(input: $input) { peer { id } } }'
  const made = z.object({ createPeer: z.object({ peer: z.object({ id: z.string() }) }) })
  const httpAt = (endpoint: string) => ({ outgoing: { authToken: 'token', endpoint } })

  beforeAll(() => node.restart({ TENANT_URLS_ALLOW_INTERNAL: 'false' }))

  async function peerOf(client: AdminClient, endpoint: string): Promise<string> {
    const asset = z.object({ createAsset: z.object({ asset: z.object({ id: z.string() }) }) })
    const create = 'mutation ($input: CreateAssetInput!) { createAsset(input: $input) { asset { id } } }'
    const code = `X${randomUUID().slice(0, 5).toUpperCase()}`
    const { createAsset } = await client.request(create, { input: { code, scale: 2 } }, asset)
    const staticIlpAddress = `test.${randomUUID()}`
    const input = { assetId: createAsset.asset.id, staticIlpAddress, http: httpAt(endpoint) }
    return made.parse(await client.request(CREATE_PEER, { input }, anything)).createPeer.peer.id
  }

  it('has its peers on the public internet; those of the operator may be anywhere', async () => {
    const refused = await refusalOf(peerOf(shop.client, 'http://10.0.0.7:3002/ilp'))
    expect(refused.codes).toEqual(['BAD_USER_INPUT'])
    const id = await peerOf(shop.client, 'https://bank.example/ilp')
    const change = { input: { id, http: httpAt('http://127.0.0.1:3002/') } }
    expect((await refusalOf(asShop(UPDATE_PEER, change))).codes).toEqual(['BAD_USER_INPUT'])
    expect(await peerOf(node.admin.client, 'http://10.0.0.7:3002/ilp')).toMatch(/^[0-9a-f-]{36}$/)
  })
})
