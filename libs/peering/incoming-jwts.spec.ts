import { createHmac } from 'node:crypto'
import { describe, expect, it } from 'vitest'
import { IncomingJwts } from './incoming-jwts.js'

// The example of proposals/0000-http-auth-profiles.md; the secret is that of the SIMPLE example, as the reference says.
const PROFILE_TOKEN =
  'eyJ0eXAiOiJKV1QiLCJhbGciOiJIUzI1NiJ9.eyJzdWIiOiJhbGljZSIsImV4cCI6MTU1ODAzNTg2OH0.__9CiSGdn4Grhl48slun7Lp4q4xt0uq398omcipBU8M'
const PROFILE_SECRET = 'HEiMCp0FoAC903QHueY89gAWJHo/izaBnJU8/58rlSI='
const EXPIRES_AT_MS = 1_558_035_868_000
const OTHER_SECRET = Buffer.alloc(32, 9).toString('base64')

function jwtsOf(...peers: [peerId: string, subject: string, ...secrets: string[]][]): IncomingJwts {
  const jwts = new IncomingJwts()
  for (const [peerId, subject, ...secrets] of peers) jwts.set(peerId, { subject, secrets })
  return jwts
}

/** Signed here by hand, so that it says what no library would sign. */
function signed(header: object, payload: object, secret = PROFILE_SECRET, algorithm = 'sha256'): string {
  const parts = [header, payload].map((part) => Buffer.from(JSON.stringify(part)).toString('base64url'))
  const signature = createHmac(algorithm, Buffer.from(secret, 'base64')).update(parts.join('.')).digest('base64url')
  return [...parts, signature].join('.')
}

const HS256 = { typ: 'JWT', alg: 'HS256' }
const later = EXPIRES_AT_MS / 1_000

describe('JWT_HS_256', () => {
  it('takes the example of the profile until the second it expires', async () => {
    const jwts = () => jwtsOf(['peer', 'alice', PROFILE_SECRET])
    expect(await jwts().peerOf(PROFILE_TOKEN, EXPIRES_AT_MS - 1_000)).toBe('peer')
    expect(await jwts().peerOf(PROFILE_TOKEN, EXPIRES_AT_MS)).toBeUndefined()
  })

  it('also refuses it then when it was taken before', async () => {
    const jwts = jwtsOf(['peer', 'alice', PROFILE_SECRET])
    expect(await jwts.peerOf(PROFILE_TOKEN, EXPIRES_AT_MS - 1)).toBe('peer')
    expect(await jwts.peerOf(PROFILE_TOKEN, EXPIRES_AT_MS)).toBeUndefined()
  })

  it('takes what any of the secrets signed', async () => {
    expect(await jwtsOf(['peer', 'alice', OTHER_SECRET, PROFILE_SECRET]).peerOf(PROFILE_TOKEN, 0)).toBe('peer')
  })

  it.each([
    ['another secret', PROFILE_TOKEN, OTHER_SECRET],
    ['a changed payload', PROFILE_TOKEN.replace('eyJzdWIi', 'eyJzdWJi'), PROFILE_SECRET],
    ['no expiry', signed(HS256, { sub: 'alice' }), PROFILE_SECRET],
    ['an expiry that is no number', signed(HS256, { sub: 'alice', exp: '1558035868' }), PROFILE_SECRET],
    ['no subject', signed(HS256, { exp: later }), PROFILE_SECRET],
    ["another peer's subject", signed(HS256, { sub: 'bob', exp: later }), PROFILE_SECRET],
    [
      'no algorithm',
      `${signed({ alg: 'none' }, { sub: 'alice', exp: later }).split('.', 2).join('.')}.`,
      PROFILE_SECRET,
    ],
    ['HS512', signed({ alg: 'HS512' }, { sub: 'alice', exp: later }, PROFILE_SECRET, 'sha512'), PROFILE_SECRET],
    ['not yet', signed(HS256, { sub: 'alice', exp: later, nbf: later - 10 }), PROFILE_SECRET],
    ['a part missing', PROFILE_TOKEN.split('.', 2).join('.'), PROFILE_SECRET],
    ['no JSON', 'a.b.c', PROFILE_SECRET],
    ['nothing', '', PROFILE_SECRET],
  ])('refuses %s', async (_, token, secret) => {
    const jwts = jwtsOf(['peer', 'alice', secret], ['other', 'bob', OTHER_SECRET])
    expect(await jwts.peerOf(token, EXPIRES_AT_MS - 60_000)).toBeUndefined()
  })

  it('costs those without it nothing: what has not three parts, or nobody uses, is none', () => {
    expect(jwtsOf(['peer', 'alice', PROFILE_SECRET]).mayBe(PROFILE_TOKEN)).toBe(true)
    expect(jwtsOf(['peer', 'alice', PROFILE_SECRET]).mayBe('plain.token')).toBe(false)
    expect(new IncomingJwts().mayBe(PROFILE_TOKEN)).toBe(false)
  })
})

describe('a peer whose secrets change', () => {
  it('shows tokens of the old secret in vain, also those taken before', async () => {
    const jwts = jwtsOf(['peer', 'alice', PROFILE_SECRET])
    expect(await jwts.peerOf(PROFILE_TOKEN, 0)).toBe('peer')
    jwts.set('peer', { subject: 'alice', secrets: [OTHER_SECRET] })
    expect(await jwts.peerOf(PROFILE_TOKEN, 0)).toBeUndefined()
    jwts.set('peer', { subject: 'alice', secrets: [OTHER_SECRET, PROFILE_SECRET] })
    expect(await jwts.peerOf(PROFILE_TOKEN, 0)).toBe('peer')
    jwts.set('peer', undefined)
    expect(await jwts.peerOf(PROFILE_TOKEN, 0)).toBeUndefined()
  })

  it('while a token is being verified: it is not taken', async () => {
    const jwts = jwtsOf(['peer', 'alice', PROFILE_SECRET])
    const verifying = jwts.peerOf(PROFILE_TOKEN, 0)
    jwts.remove('peer')
    expect(await verifying).toBeUndefined()
  })

  it('but is only read anew while a token is being verified: it is taken', async () => {
    const jwts = jwtsOf(['peer', 'alice', PROFILE_SECRET])
    const verifying = jwts.peerOf(PROFILE_TOKEN, 0)
    jwts.set('peer', { subject: 'alice', secrets: [PROFILE_SECRET] })
    expect(await verifying).toBe('peer')
  })

  it('keeps a subject that passed to another peer', async () => {
    const jwts = jwtsOf(['old', 'alice', OTHER_SECRET], ['new', 'alice', PROFILE_SECRET])
    jwts.remove('old')
    expect(await jwts.peerOf(PROFILE_TOKEN, 0)).toBe('new')
  })
})
