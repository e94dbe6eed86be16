import { start } from '@kivuko/app-node'
import { SystemClock } from '@kivuko/platform'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { signature } from '../../harness/admin-client.js'
import { freePorts } from '../../harness/listen.js'
import { openAsset, openCustomer } from '../../harness/network.js'
import { startNode, type TestNode } from '../../harness/node.js'
import { ADMIN_SECRET, TENANT_ID } from '../../harness/node-settings.js'
import { createTenant } from '../../harness/tenant-clients.js'

const clock = new SystemClock()
const QUERY = { query: '{ assets { edges { node { id liquidity } } } }' }
const CREATE =
  'mutation ($input: CreateIncomingPaymentInput!) { createIncomingPayment(input: $input) { payment { id } } }'

let node: TestNode
let second: { readonly close: () => Promise<void> }
let secondUrl: string
let walletAddressId: string

beforeAll(async () => {
  node = await startNode({ name: 'a' })
  const usd = await openAsset(node, 'USD', 2)
  walletAddressId = (await openCustomer(node, 'alice', usd)).walletAddressId
  const [port] = await freePorts(1)
  second = await start({ ...node.env, ROLES: 'admin', ADMIN_PORT: `${port}` })
  secondUrl = `http://127.0.0.1:${port}/graphql`
})
afterAll(async () => {
  await second?.close()
  await node?.stop()
})

interface Answer {
  readonly status: number
  readonly text: string
}

/** Sends a body so many times at once, each time with the one signature, to one door after the other. */
async function sendEqual(body: unknown, times: number, urls = [node.adminUrl]): Promise<Answer[]> {
  const headers = signed(body)
  const urlOf = (index: number) => urls[index % urls.length] ?? node.adminUrl
  return Promise.all(Array.from({ length: times }, (_, index) => post(urlOf(index), body, headers)))
}

function signed(body: unknown, secret = ADMIN_SECRET): Record<string, string> {
  return {
    'content-type': 'application/json',
    'tenant-id': TENANT_ID,
    signature: signature(secret, body, clock.nowMs()),
  }
}

async function post(url: string, body: unknown, headers: Record<string, string>): Promise<Answer> {
  const response = await fetch(url, { method: 'POST', headers, body: JSON.stringify(body) })
  return { status: response.status, text: await response.text() }
}

const payments = async () =>
  Number((await node.database.query('select count(*)::int as count from incoming_payments'))[0]?.count)

describe('equal calls in one millisecond', () => {
  it('are both answered', async () => {
    const answers = await sendEqual(QUERY, 2)
    expect(answers.map(({ status }) => status)).toEqual([200, 200])
    expect(answers[0]?.text).toContain('liquidity')
    expect(answers[1]).toEqual(answers[0])
  })

  it('have one effect, which both are told of', async () => {
    const before = await payments()
    const answers = await sendEqual({ query: CREATE, variables: { input: { walletAddressId } } }, 5)
    expect(new Set(answers.map(({ text }) => text)).size).toBe(1)
    expect(answers[0]).toMatchObject({ status: 200, text: expect.stringContaining('payment') })
    expect(await payments()).toBe(before + 1)
  })

  it('are refused alike, where the first is refused', async () => {
    const answers = await sendEqual({ query: '{ nothing }' }, 2)
    expect(answers.map(({ status }) => status)).toEqual([400, 400])
    expect(answers[1]).toEqual(answers[0])
  })

  it('have one effect in two processes too, however many they are', async () => {
    const before = await payments()
    const answers = await sendEqual({ query: CREATE, variables: { input: { walletAddressId } } }, 6, [
      node.adminUrl,
      secondUrl,
    ])
    expect(await payments()).toBe(before + 1)
    expect(answers.map(({ status }) => status)).toContain(200)
  })
})

describe('a signature that was used', () => {
  it('is refused from then on, in every process', async () => {
    const headers = signed(QUERY)
    expect((await post(node.adminUrl, QUERY, headers)).status).toBe(200)
    for (const url of [node.adminUrl, secondUrl, node.adminUrl]) {
      const { status, text } = await post(url, QUERY, headers)
      expect(status).toBe(401)
      expect(text).toContain('this signature was used before')
    }
  })

  it('is refused to another tenant that has the same secret, even at once', async () => {
    const twin = await createTenant(node)
    const headers = signed(QUERY, twin.apiSecret)
    const other = await createTenant(node)
    const query = 'mutation ($input: UpdateTenantInput!) { updateTenant(input: $input) { tenant { id } } }'
    await node.admin.client.post({ query, variables: { input: { id: other.id, apiSecret: twin.apiSecret } } })
    const ids = [twin.id, other.id]
    const answers = await Promise.all(ids.map((id) => post(node.adminUrl, QUERY, { ...headers, 'tenant-id': id })))
    expect(answers.map(({ status }) => status).sort()).toEqual([200, 401])
  })
})
