import { randomBytes } from 'node:crypto'
import { SystemClock } from '@kivuko/platform'
import { deserializeIlpReply, isReject, serializeIlpPrepare } from 'ilp-packet'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { signature } from '../harness/admin-client.js'
import { TestNetwork } from '../harness/network.js'
import { ADMIN_SECRET, DEV_TOKEN } from '../harness/node-settings.js'

const clock = new SystemClock()
let network: TestNetwork

beforeAll(async () => {
  network = await TestNetwork.start()
})
afterEach(() => network.expectConserved())
afterAll(() => network.stop())

describe('the admin door', () => {
  const body = { query: '{ assets { edges { node { id } } } }' }
  const post = (headers: Record<string, string>) => network.a.admin.client.post(body, headers)

  it('lets a signed request in', async () => {
    expect(await post({})).toMatchObject({ status: 200, text: expect.stringContaining('edges') })
  })

  it.each<[string, () => Record<string, string>]>([
    ['an empty signature', () => ({ signature: '' })],
    ['a signature made with another secret', () => ({ signature: signature('another secret', body) })],
    ['a signature over another body', () => ({ signature: signature(ADMIN_SECRET, { query: '{ __typename }' }) })],
    ['a signature of another version', () => ({ signature: signature(ADMIN_SECRET, body, clock.nowMs(), 2) })],
    ['a signature older than 30 seconds', () => ({ signature: signature(ADMIN_SECRET, body, clock.nowMs() - 31_000) })],
    ['a signature cut short', () => ({ signature: signature(ADMIN_SECRET, body).slice(0, -2) })],
    ['no tenant', () => ({ 'tenant-id': '' })],
    ['an unknown tenant', () => ({ 'tenant-id': '00000000-0000-4000-8000-000000000000' })],
  ])('refuses %s and tells nothing', async (_what, headers) => {
    const { status, text } = await post(headers())
    expect(status).toBe(401)
    expect(text).not.toContain('edges')
  })

  it('refuses the same signed request a second time', async () => {
    const signed = { signature: signature(ADMIN_SECRET, body) }
    expect((await post(signed)).status).toBe(200)
    expect((await post(signed)).status).toBe(401)
  })
})

describe('the connector door', () => {
  const prepare = (destination: string) =>
    serializeIlpPrepare({
      amount: '100',
      expiresAt: new Date(clock.nowMs() + 10_000),
      executionCondition: randomBytes(32),
      destination,
      data: Buffer.alloc(0),
    })
  const knock = (headers: Record<string, string>, body: Buffer = prepare('test.b.someone')) =>
    fetch(network.b.connectorUrl, { method: 'POST', headers, body: new Uint8Array(body) })
  const PEER = { authorization: 'Bearer from-a-to-b', 'content-type': 'application/octet-stream' }

  it.each<[string, Record<string, string>, number]>([
    ['no token', { 'content-type': 'application/octet-stream' }, 401],
    ['an unknown token', { ...PEER, authorization: 'Bearer from-nobody' }, 401],
    ['a token of the other direction', { ...PEER, authorization: 'Bearer from-b-to-a' }, 401],
    ['a token in another scheme', { ...PEER, authorization: 'GNAP from-a-to-b' }, 401],
    ['a packet called JSON', { ...PEER, 'content-type': 'application/json' }, 415],
  ])('refuses %s', async (_what, headers, status) => {
    expect((await knock(headers)).status).toBe(status)
  })

  it('rejects what is no packet as invalid', async () => {
    const response = await knock(PEER, Buffer.from('not a packet'))
    const reply = deserializeIlpReply(Buffer.from(await response.arrayBuffer()))
    expect(isReject(reply) && reply.code).toBe('F01')
  })

  it.each([
    ['the receiver is unknown', 'test.b.nobody-here', 'F02'],
    ['no peer leads to', 'test.nowhere.at.all', 'F02'],
  ])('rejects a packet when %s', async (_why, destination, code) => {
    const response = await knock(PEER, prepare(destination))
    expect(response.status).toBe(200)
    const reply = deserializeIlpReply(Buffer.from(await response.arrayBuffer()))
    expect(isReject(reply) && reply.code).toBe(code)
  })
})

describe('the Open Payments door', () => {
  const quotes = (authorization?: string) =>
    fetch(`${network.a.openPaymentsUrl}/quotes`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', ...(authorization !== undefined && { authorization }) },
      body: JSON.stringify({
        walletAddress: network.aliceUsd.url,
        receiver: `${network.b.openPaymentsUrl}/incoming-payments/x`,
        method: 'ilp',
      }),
    })

  it('shows a wallet address to everybody', async () => {
    const response = await fetch(network.aliceUsd.url)
    expect(response.status).toBe(200)
    expect(await response.json()).toMatchObject({ id: network.aliceUsd.url, assetCode: 'USD', assetScale: 2 })
  })

  it.each<[string, string | undefined]>([
    ['no token', undefined],
    ['a wrong token', 'GNAP somebody-else'],
    ['a token cut short', `GNAP ${DEV_TOKEN.slice(0, -1)}`],
    ['a token in another scheme', `Bearer ${DEV_TOKEN}`],
  ])('refuses %s and says who grants', async (_what, authorization) => {
    const response = await quotes(authorization)
    expect(response.status).toBe(401)
    expect(response.headers.get('www-authenticate')).toMatch(/^GNAP/)
    expect(await response.json()).toMatchObject({
      error: { code: expect.any(String), description: expect.any(String) },
    })
  })

  it('lets the right token in, as far as the body is right', async () => {
    expect((await quotes(`GNAP ${DEV_TOKEN}`)).status).not.toBe(401)
  })
})
