import { randomBytes, randomUUID } from 'node:crypto'
import { loadConfig } from '@kivuko/platform'
import { clientIdentity, publicJwkOf, ReceiversService } from '@kivuko/quotes'
import { openRooms } from '@kivuko/rooms'
import type { INestApplicationContext } from '@nestjs/common'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { nodeEnvironment } from '../../harness/node-settings.js'
import { type FreshDatabase, freshDatabase } from '../../harness/postgres.js'
import { RemoteNode } from '../../harness/remote-node.js'
import { insertTenant } from '../../harness/tenants.js'

const GET = 'GET /rs/incoming-payments/1'
const CREATE = 'POST /rs/incoming-payments'
const COMPLETE = 'POST /rs/incoming-payments/1/complete'
const GRANT = 'POST /as'
const ROTATE = 'POST /as/token'
const OWN_URL = 'https://own.test'

let database: FreshDatabase
let remote: RemoteNode

beforeAll(async () => {
  database = await freshDatabase('receivers')
})
afterAll(() => database?.drop())

/** The rooms of a node that has no development token, as a process of its own. */
async function openNode(changes: Record<string, string> = {}): Promise<INestApplicationContext> {
  const settings = { name: 'own', databaseUrl: database.url, dataDir: '/nowhere', webhookUrl: 'http://127.0.0.1:9' }
  const env = {
    OPEN_PAYMENTS_URL: OWN_URL,
    WALLET_ADDRESS_URL: `${OWN_URL}/.well-known/pay`,
    OPEN_PAYMENTS_DEV_TOKEN: '',
    OPEN_PAYMENTS_ALLOW_LOCAL_CLIENTS: 'true',
    ...changes,
  }
  const { config, secrets } = loadConfig(await nodeEnvironment({ ...settings, env }))
  const rooms = await openRooms(config, secrets)
  remote ??= await RemoteNode.start(publicJwkOf(clientIdentity(config, secrets)))
  return rooms
}

describe('receivers at another node', () => {
  let rooms: INestApplicationContext
  const receivers = () => rooms.get(ReceiversService)

  beforeAll(async () => {
    rooms = await openNode()
  })
  beforeEach(async () => {
    await database.query('delete from remote_tokens')
    remote.requests.length = 0
    remote.grantRequests.length = 0
  })
  afterEach(() => {
    expect(remote.unsigned).toEqual([])
    remote.answers.clear()
    remote.tokenLifeSeconds = 600
  })
  afterAll(async () => {
    await rooms?.close()
    await remote?.close()
  })

  it('are read with a grant of their authorization server, in signed requests', async () => {
    expect(await receivers().get(remote.receiver)).toMatchObject({
      incomingPaymentUrl: remote.receiver,
      walletAddressUrl: remote.walletAddress,
      asset: { code: 'EUR', scale: 2 },
      receivedAmount: 0n,
      completed: false,
      ilp: { ilpAddress: 'test.bob.x', sharedSecret: Buffer.alloc(32, 1) },
    })
    expect(remote.grantRequests).toEqual([
      {
        client: `${OWN_URL}/.well-known/pay`,
        access_token: { access: [{ type: 'incoming-payment', actions: ['read-all'] }] },
      },
    ])
  })

  it('are made at a wallet address', async () => {
    const incomingAmount = { value: 250n, assetCode: 'EUR', assetScale: 2 }
    const made = await receivers().create(undefined, {
      walletAddressUrl: remote.walletAddress,
      incomingAmount,
      expiresAt: new Date('2030-01-01T00:00:00Z'),
      metadata: { note: 'für Bob' },
    })
    expect(made).toMatchObject({
      incomingPaymentUrl: remote.receiver,
      incomingAmount: 250n,
      expiresAt: new Date('2030-01-01T00:00:00Z'),
      metadata: { note: 'für Bob' },
    })
    expect(remote.requests).toEqual(['GET /bob', GRANT, CREATE])
    const inUsd = { ...incomingAmount, assetCode: 'USD' }
    await expect(
      receivers().create(undefined, { walletAddressUrl: remote.walletAddress, incomingAmount: inUsd }),
    ).rejects.toMatchObject({ reason: 'InvalidAmount', message: expect.stringContaining('EUR (scale 2)') })
  })

  it('are completed with a grant for that', async () => {
    const completed = await receivers().complete(undefined, remote.receiver)
    expect(completed).toMatchObject({ incomingPaymentUrl: remote.receiver, completed: true })
    expect(remote.grantRequests).toMatchObject([
      { access_token: { access: [{ type: 'incoming-payment', actions: ['complete'] }] } },
    ])
    expect(remote.count(COMPLETE)).toBe(1)
  })

  it.each([
    ['is not there', 404, 'not-found', 'UnknownReceiver'],
    ['is not this node’s to complete', 403, 'forbidden', 'InvalidGrant'],
    ['is completed already', 409, 'invalid', 'InvalidReceiver'],
    ['fails', 500, 'unavailable', 'ReceiverUnavailable'],
  ])('say why they are not completed when one %s', async (_, status, kind, reason) => {
    remote.answers.set(COMPLETE, { status, body: { error: { code: `${status}`, description: 'no' } } })
    await expect(receivers().complete(undefined, remote.receiver)).rejects.toMatchObject({ kind, reason })
  })

  it('are not made where there is no wallet address', async () => {
    remote.answers.set('GET /bob', { status: 404, body: { error: { code: '404', description: 'nobody' } } })
    await expect(receivers().create(undefined, { walletAddressUrl: remote.walletAddress })).rejects.toMatchObject({
      kind: 'not-found',
      reason: 'UnknownWalletAddress',
    })
  })

  it('are reached with the token there is, which many at a time ask for once', async () => {
    await Promise.all([1, 2, 3].map(() => receivers().get(remote.receiver)))
    await receivers().get(remote.receiver)
    expect(remote.count(GRANT)).toBe(1)
  })

  it('are reached with the same token by another process, which reads it encrypted', async () => {
    await receivers().get(remote.receiver)
    const other = await openNode()
    await other.get(ReceiversService).get(remote.receiver)
    await other.close()
    expect(remote.count(GRANT)).toBe(1)
    const [row] = await database.query('select * from remote_tokens')
    expect(JSON.stringify(row)).not.toContain('token-')
    expect(row).toMatchObject({ auth_server: `${remote.url}/as`, action: 'read-all' })
  })

  it('are reached with a new token where the kept one was encrypted with another key', async () => {
    await receivers().get(remote.receiver)
    const other = await openNode({ DB_ENCRYPTION_SECRET: randomBytes(32).toString('base64') })
    await other.get(ReceiversService).get(remote.receiver)
    await other.close()
    expect(remote.count(GRANT)).toBe(2)
  })

  it('are reached with a rotated token when the kept one ends', async () => {
    remote.tokenLifeSeconds = 5
    await receivers().get(remote.receiver)
    remote.tokenLifeSeconds = 600
    await receivers().get(remote.receiver)
    await receivers().get(remote.receiver)
    expect([remote.count(GRANT), remote.count(ROTATE)]).toEqual([1, 1])
  })

  it('are reached with a new grant when the token cannot be rotated', async () => {
    remote.tokenLifeSeconds = 5
    await receivers().get(remote.receiver)
    remote.answers.set(ROTATE, { status: 404, body: { error: { code: 'invalid_rotation', description: 'gone' } } })
    await receivers().get(remote.receiver)
    expect(remote.count(GRANT)).toBe(2)
  })

  it('are asked once more when the token was refused, and no further', async () => {
    await receivers().get(remote.receiver)
    remote.revokeTokens()
    await receivers().get(remote.receiver)
    expect(remote.count(GRANT)).toBe(2)
    remote.answers.set(CREATE, { status: 403, body: { error: { code: '403', description: 'Insufficient Grant' } } })
    await expect(receivers().create(undefined, { walletAddressUrl: remote.walletAddress })).rejects.toMatchObject({
      kind: 'forbidden',
      reason: 'InvalidGrant',
      message: expect.stringContaining('Insufficient Grant'),
    })
    expect(remote.count(CREATE)).toBe(2)
  })

  it('are no receivers where a person would have to approve', async () => {
    const interact = { redirect: `${remote.url}/as/interact`, finish: 'nonce' }
    const body = { interact, continue: { access_token: { value: 'c' }, uri: `${remote.url}/as/continue` } }
    remote.answers.set(GRANT, { status: 200, body })
    await expect(receivers().get(remote.receiver)).rejects.toMatchObject({
      reason: 'InvalidReceiver',
      message: expect.stringContaining('wants a person to approve'),
    })
  })

  it('are not believed when their wallet address has its payments elsewhere', async () => {
    const elsewhere = { ...remote.walletAddressBody(), resourceServer: 'http://127.0.0.1:1/rs' }
    remote.answers.set('GET /bob', { status: 200, body: elsewhere })
    await expect(receivers().get(remote.receiver)).rejects.toMatchObject({
      reason: 'InvalidReceiver',
      message: expect.stringContaining('has its payments at http://127.0.0.1:1/rs'),
    })
  })

  it.each([
    ['is not there', { status: 404, body: { error: { code: '404', description: 'unknown' } } }, 'InvalidReceiver'],
    ['answers in another form', { status: 200, body: { receivedAmount: 5 } }, 'InvalidReceiver'],
    ['has moved', { status: 302, body: {}, headers: { location: '/elsewhere' } }, 'InvalidReceiver'],
    ['fails', { status: 503, body: {} }, 'ReceiverUnavailable'],
    ['is over its limit', { status: 429, body: {} }, 'ReceiverUnavailable'],
    ['is endless', { status: 200, body: { metadata: 'x'.repeat(100_000) } }, 'ReceiverUnavailable'],
  ])('say what is wrong when one %s', async (_, answer, reason) => {
    remote.answers.set(GET, answer)
    await expect(receivers().get(remote.receiver)).rejects.toMatchObject({ reason })
    expect(remote.count(GET)).toBe(1)
  })

  it('are completed for the tenant that asked for them, and for no other', async () => {
    const [one, other] = [randomUUID(), randomUUID()]
    await insertTenant(database, one)
    await insertTenant(database, other)
    await receivers().create(one, { walletAddressUrl: remote.walletAddress })
    await expect(receivers().complete(other, remote.receiver)).rejects.toMatchObject({
      kind: 'not-found',
      message: expect.stringContaining('not asked for by this tenant'),
    })
    expect(remote.count(COMPLETE)).toBe(0)
    expect(await receivers().complete(one, remote.receiver)).toMatchObject({ completed: true })
  })

  it('are put off while nobody answers', async () => {
    await expect(receivers().get('http://127.0.0.1:1/incoming-payments/1')).rejects.toMatchObject({
      reason: 'ReceiverUnavailable',
    })
  })
})

describe('receivers at another node, of a node that is not its developer’s', () => {
  it.each([
    ['without TLS', 'http://bank.example/incoming-payments/1'],
    ['inside its own network', 'https://10.0.0.1/incoming-payments/1'],
    ['with a password', 'https://user:pass@bank.example/incoming-payments/1'],
  ])('are not looked for %s', async (_, url) => {
    const rooms = await openNode({ OPEN_PAYMENTS_ALLOW_LOCAL_CLIENTS: 'false' })
    try {
      await expect(rooms.get(ReceiversService).get(url)).rejects.toMatchObject({
        reason: 'InvalidReceiver',
        message: expect.stringContaining('it is no public https address'),
      })
      const named = rooms.get(ReceiversService).get('https://localhost:1/incoming-payments/1')
      await expect(named).rejects.toThrow('localhost is not on the public internet')
    } finally {
      await rooms.close()
    }
  })
})
