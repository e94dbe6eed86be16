import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { z } from 'zod'
import { refusalOf } from '../../harness/admin-client.js'
import { startNode, type TestNode } from '../../harness/node.js'
import { createTenant, type TestTenant } from '../../harness/tenant-clients.js'
import { waitFor } from '../../harness/wait-for.js'

const anything = z.record(z.string(), z.unknown())
const DAY_MS = 86_400_000
// RFC 8037 appendix A.2.
const X = '11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo'
const OTHER_X = 'PUAXw-hDiVqStwqnTRt-vJyYLM8uxJaMwM1V8Sr0Zgw'
const jwk = (kid: string, x = X) => ({ kid, x, alg: 'EdDSA', kty: 'OKP', crv: 'Ed25519' })

const KEY = '{ walletAddressKey { id walletAddressId revoked jwk { kid x alg kty crv } } }'
const CREATE_KEY = `mutation ($input: CreateWalletAddressKeyInput!) { createWalletAddressKey(input: $input) ${KEY} }`
const REVOKE_KEY = `mutation ($input: RevokeWalletAddressKeyInput!) { revokeWalletAddressKey(input: $input) ${KEY} }`
const CREATE =
  'mutation ($input: CreateWalletAddressInput!) { createWalletAddress(input: $input) { walletAddress { id } } }'
const UPDATE =
  'mutation ($input: UpdateWalletAddressInput!) { updateWalletAddress(input: $input) { walletAddress { additionalProperties { key value visibleInOpenPayments } } } }'

let node: TestNode
let other: TestTenant
let asset: string

beforeAll(async () => {
  node = await startNode({
    name: 'a',
    env: {
      WALLET_ADDRESS_NOT_FOUND_POLLING_ENABLED: 'true',
      WALLET_ADDRESS_LOOKUP_TIMEOUT_MS: '5000',
      WALLET_ADDRESS_POLLING_FREQUENCY_MS: '20',
    },
  })
  other = await createTenant(node, { WALLET_ADDRESS_URL: 'http://other.example' })
  asset = await node.admin.createAsset('USD', 2)
})
afterAll(() => node.stop())

const ask = (query: string, input: Record<string, unknown>) => node.admin.client.request(query, { input }, anything)

async function open(name: string, over: Record<string, unknown> = {}): Promise<{ id: string; url: string }> {
  const url = `${node.openPaymentsUrl}/${name}`
  const shape = z.object({ createWalletAddress: z.object({ walletAddress: z.object({ id: z.string() }) }) })
  const input = { assetId: asset, address: url, publicName: name, ...over }
  const answer = await node.admin.client.request(CREATE, { input }, shape)
  return { id: answer.createWalletAddress.walletAddress.id, url }
}

async function read(url: string): Promise<{ status: number; body: unknown }> {
  const response = await fetch(url)
  const text = await response.text()
  return { status: response.status, body: text === '' ? undefined : JSON.parse(text) }
}

describe('the keys of a wallet address', () => {
  it('are none at first, and are seen by everyone as they are made and revoked', async () => {
    const { id, url } = await open('keys')
    expect(await read(`${url}/jwks.json`)).toEqual({ status: 200, body: { keys: [] } })
    const made = await ask(CREATE_KEY, { walletAddressId: id, jwk: jwk('one') })
    expect(made).toMatchObject({
      createWalletAddressKey: { walletAddressKey: { walletAddressId: id, revoked: false, jwk: jwk('one') } },
    })
    await ask(CREATE_KEY, { walletAddressId: id, jwk: jwk('two', OTHER_X) })
    expect(await read(`${url}/jwks.json`)).toEqual({ status: 200, body: { keys: [jwk('one'), jwk('two', OTHER_X)] } })

    const shape = z.object({
      walletAddress: z.object({
        walletAddressKeys: z.object({
          edges: z.array(z.object({ node: z.object({ id: z.string(), revoked: z.boolean() }) })),
        }),
      }),
    })
    const query =
      'query ($id: String!) { walletAddress(id: $id) { walletAddressKeys(sortOrder: ASC) { edges { node { id revoked } } } } }'
    const list = async () =>
      (await node.admin.client.request(query, { id }, shape)).walletAddress.walletAddressKeys.edges.map(
        (edge) => edge.node,
      )
    const [one] = await list()
    expect(await ask(REVOKE_KEY, { id: one?.id })).toMatchObject({
      revokeWalletAddressKey: { walletAddressKey: { id: one?.id, revoked: true } },
    })
    expect(await read(`${url}/jwks.json`)).toEqual({ status: 200, body: { keys: [jwk('two', OTHER_X)] } })
    expect((await list()).map(({ revoked }) => revoked)).toEqual([true, false])
    // A revoked key's name is free again.
    await ask(CREATE_KEY, { walletAddressId: id, jwk: jwk('one') })
  })

  it('have one name each, and are keys', async () => {
    const { id } = await open('strict')
    await ask(CREATE_KEY, { walletAddressId: id, jwk: jwk('one') })
    const codes = async (input: Record<string, unknown>) => (await refusalOf(ask(CREATE_KEY, input))).codes
    expect(await codes({ walletAddressId: id, jwk: jwk('one', OTHER_X) })).toEqual(['DUPLICATE'])
    expect(await codes({ walletAddressId: id, jwk: jwk('two', 'short') })).toEqual(['BAD_USER_INPUT'])
    expect(await codes({ walletAddressId: id, jwk: { ...jwk('two'), crv: 'P-256' } })).toEqual(['BAD_USER_INPUT'])
  })

  it('are made and revoked by their own tenant and the operator only', async () => {
    const { id } = await open('guarded')
    const made = z.object({ createWalletAddressKey: z.object({ walletAddressKey: z.object({ id: z.string() }) }) })
    const answer = await node.admin.client.request(CREATE_KEY, { input: { walletAddressId: id, jwk: jwk('k') } }, made)
    const key = answer.createWalletAddressKey.walletAddressKey.id
    const create = other.client.request(CREATE_KEY, { input: { walletAddressId: id, jwk: jwk('mine') } }, anything)
    expect((await refusalOf(create)).codes).toEqual(['NOT_FOUND'])
    const revoke = other.client.request(REVOKE_KEY, { input: { id: key } }, anything)
    expect((await refusalOf(revoke)).codes).toEqual(['NOT_FOUND'])
  })

  it('are not found where there is no wallet address', async () => {
    expect((await read(`${node.openPaymentsUrl}/quotes/jwks.json`)).status).toBe(404)
  })
})

describe('additional properties', () => {
  it('are seen by everyone where they are visible, and replaced as a whole', async () => {
    const visible = { key: 'branch', value: 'Nairobi', visibleInOpenPayments: true }
    const hidden = { key: 'customer', value: '42', visibleInOpenPayments: false }
    const { id, url } = await open('noted', { additionalProperties: [visible, hidden] })
    expect((await read(url)).body).toMatchObject({ additionalProperties: { branch: 'Nairobi' } })
    expect(JSON.stringify((await read(url)).body)).not.toContain('customer')
    expect(await ask(UPDATE, { id, publicName: 'Noted' })).toEqual({
      updateWalletAddress: { walletAddress: { additionalProperties: [visible, hidden] } },
    })
    await ask(UPDATE, { id, additionalProperties: [hidden] })
    await waitFor('the change', async () => !JSON.stringify((await read(url)).body).includes('branch'))
  })
})

describe('an unknown wallet address', () => {
  it('is told to its operator, who may make it while the question waits', async () => {
    const url = `${node.openPaymentsUrl}/newcomer`
    const answer = read(url)
    const told = () =>
      node.operator.events.filter(
        ({ type, data }) => type === 'wallet_address.not_found' && data.walletAddressUrl === url,
      )
    await waitFor('the event', () => told().length === 1)
    await open('newcomer')
    expect(await answer).toMatchObject({ status: 200, body: { id: url } })
    expect(told()).toHaveLength(1)
  })

  it('is told to nobody when it could not be one', async () => {
    const before = node.operator.events.length
    expect((await read(`${node.openPaymentsUrl}/a//b`)).status).toBe(404)
    expect(node.operator.events).toHaveLength(before)
  })
})

describe('a deactivated wallet address', () => {
  it('lets its open incoming payments end within a day', async () => {
    const { id } = await open('leaving')
    const payment = await node.admin.createIncomingPayment(id)
    const expiry = async () => {
      const shape = z.object({ incomingPayment: z.object({ expiresAt: z.string() }) })
      const query = 'query ($id: String!) { incomingPayment(id: $id) { expiresAt } }'
      const answer = await node.admin.client.request(query, { id: payment.id }, shape)
      return Date.parse(answer.incomingPayment.expiresAt)
    }
    const before = await expiry()
    await ask(UPDATE, { id, status: 'INACTIVE' })
    const after = await expiry()
    expect(before - after).toBeGreaterThan(28 * DAY_MS)
    const [row] = await node.database.query(
      'select due_at > expires_at as "isDueLater" from incoming_payments where id = $1',
      [payment.id],
    )
    expect(row).toEqual({ isDueLater: true })
  })
})
