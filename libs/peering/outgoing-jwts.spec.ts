import { ManualClock } from '@kivuko/platform'
import { decodeJwt, decodeProtectedHeader, jwtVerify } from 'jose'
import { describe, expect, it } from 'vitest'
import { OutgoingJwts } from './outgoing-jwts.js'
import type { Peer } from './peer.js'

const secret = Buffer.alloc(32, 7)
const START_MS = 1_700_000_000_000

function peerWith(outgoingToken: string): Peer {
  return {
    id: 'peer',
    tenantId: 'tenant',
    assetId: 'usd',
    asset: {
      id: 'usd',
      tenantId: 'tenant',
      code: 'USD',
      scale: 2,
      ledger: 1,
      withdrawalThreshold: null,
      liquidityThreshold: null,
      createdAt: new Date(0),
    },
    name: null,
    staticIlpAddress: 'test.bank',
    routes: [],
    maxPacketAmount: null,
    liquidityThreshold: null,
    limits: { packetsPerMinute: null, incomingAmountPerSecond: null, outgoingAmountPerSecond: null },
    outgoingEndpoint: 'https://bank.example/ilp',
    outgoingToken,
    createdAt: new Date(0),
  }
}

describe('the token shown to a peer', () => {
  it('is a JWT_HS_256 of five minutes', async () => {
    const token = await new OutgoingJwts(new ManualClock(START_MS)).tokenFor(peerWith(secret.toString('base64')), 'us')
    expect(decodeProtectedHeader(token)).toEqual({ alg: 'HS256', typ: 'JWT' })
    expect(decodeJwt(token)).toEqual({ sub: 'us', exp: START_MS / 1_000 + 300 })
    const currentDate = new Date(START_MS)
    await expect(jwtVerify(token, secret, { currentDate, algorithms: ['HS256'] })).resolves.toBeDefined()
    await expect(jwtVerify(token, Buffer.alloc(32), { currentDate })).rejects.toThrow()
  })

  it('is used for many packets, and signed anew well before it expires', async () => {
    const clock = new ManualClock(START_MS)
    const jwts = new OutgoingJwts(clock)
    const peer = peerWith(secret.toString('base64'))
    const first = await jwts.tokenFor(peer, 'us')
    clock.advance(179_000)
    expect(await jwts.tokenFor(peer, 'us')).toBe(first)
    clock.advance(1_000)
    const renewed = await Promise.all([jwts.tokenFor(peer, 'us'), jwts.tokenFor(peer, 'us')])
    expect(renewed.map((token) => decodeJwt(token).exp)).toEqual([START_MS / 1_000 + 480, START_MS / 1_000 + 480])
  })

  it('is signed with the new secret as soon as the peer has one', async () => {
    const jwts = new OutgoingJwts(new ManualClock(START_MS))
    await jwts.tokenFor(peerWith(secret.toString('base64')), 'us')
    const token = await jwts.tokenFor(peerWith(Buffer.alloc(32, 8).toString('base64')), 'us')
    const currentDate = new Date(START_MS)
    await expect(jwtVerify(token, Buffer.alloc(32, 8), { currentDate })).resolves.toBeDefined()
  })
})
