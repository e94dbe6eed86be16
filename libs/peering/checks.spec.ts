import { describe, expect, it } from 'vitest'
import { checkAmounts, checkHttp, checkPublic, checkRoutes, checkStaticIlpAddress } from './checks.js'

const outgoing = { authToken: 'token', endpoint: 'https://bank.example/ilp' }
const refusal = (kind: string, reason: string) => expect.objectContaining({ kind, reason })

describe("a peer's address", () => {
  it.each(['test.bank', 'g.bank.branch', 'private.x', 'example.a~b_c-D', 'test1.x'])('may be %s', (address) => {
    expect(() => checkStaticIlpAddress(address, 'test.kivuko')).not.toThrow()
  })

  it.each(['', 'g', 'test.', 'bank.test', 'test..bank', 'test.bänk', 'test.bank ', `test.${'x'.repeat(1_023)}`])(
    'may not be %j',
    (address) => {
      const refused = refusal('invalid', 'InvalidStaticIlpAddress')
      expect(() => checkStaticIlpAddress(address, 'test.kivuko')).toThrow(refused)
    },
  )

  it.each(['peer.config', 'self.x', 'local.x'])('is never %s, which stays on a node', (address) => {
    expect(() => checkStaticIlpAddress(address, 'test.kivuko')).toThrow('never sent on')
  })

  it('is not our own, but may be below it', () => {
    expect(() => checkStaticIlpAddress('test.kivuko', 'test.kivuko')).toThrow('this node itself')
    expect(() => checkStaticIlpAddress('test.kivuko.child', 'test.kivuko')).not.toThrow()
  })
})

describe('routes', () => {
  it('are addresses or their beginnings, down to a scheme alone', () => {
    expect(() => checkRoutes(['g', 'test', 'test.bank', 'g.a.b.c'])).not.toThrow()
  })

  it.each(['', 'g.', '.g', 'bank', 'peer', 'self.x', 'test..x', 'g.*'])('are refused: %j', (prefix) => {
    expect(() => checkRoutes([prefix])).toThrow(refusal('invalid', 'InvalidRoute'))
  })

  it('are at most a thousand', () => {
    const routes = Array.from({ length: 1_000 }, (_, n) => `test.r${n}`)
    expect(() => checkRoutes(routes)).not.toThrow()
    expect(() => checkRoutes([...routes, 'test.more'])).toThrow(refusal('limited', 'TooManyRoutes'))
  })
})

describe('the endpoint', () => {
  it.each([
    'https://bank.example',
    'http://10.0.0.7:3002/ilp',
    'https://[::1]:3002/',
    'https://localhost',
    'https://bank.example/ilp?customer=7',
  ])('may be %s', (endpoint) => {
    expect(() => checkHttp({ outgoing: { ...outgoing, endpoint } })).not.toThrow()
  })

  it.each([
    ['', 'no URL'],
    ['bank.example', 'no URL'],
    ['ftp://bank.example', 'ftp:'],
    ['wss://bank.example', 'wss:'],
    ['http://.example', 'empty part'],
    ['https://bank..example', 'empty part'],
    ['https://bank.example.', 'empty part'],
    ['https://user:word@bank.example', 'user name or password'],
    ['https://bank.example/#top', 'fragment'],
  ])('is refused: %j, %s', (endpoint, why) => {
    const http = { outgoing: { ...outgoing, endpoint } }
    expect(() => checkHttp(http)).toThrow(refusal('invalid', 'InvalidHTTPEndpoint'))
    expect(() => checkHttp(http)).toThrow(why)
  })

  it('is not told with its password', () => {
    const http = { outgoing: { ...outgoing, endpoint: 'https://user:word@bank.example/ilp' } }
    expect(() => checkHttp(http)).toThrow(expect.objectContaining({ message: expect.not.stringContaining('word@') }))
  })
})

describe('the addresses of a peer of a tenant who is confined', () => {
  const internal = ['http://127.0.0.1:3002/', 'http://10.0.0.7/ilp', 'https://[::1]/', 'http://LOCALHOST./ilp']

  it.each(internal)('are not %s, wherever it is given', (url) => {
    const allow = 'the operator can allow such addresses with TENANT_URLS_ALLOW_INTERNAL'
    expect(() => checkPublic({ outgoing: { ...outgoing, endpoint: url } })).toThrow(allow)
    expect(() => checkPublic({ outgoing: { ...outgoing, furtherEndpoints: [url] } })).toThrow(
      refusal('invalid', 'InvalidHTTPEndpoint'),
    )
    expect(() => checkPublic({ outgoing, incoming: { callbackUrl: url } })).toThrow(
      refusal('invalid', 'InvalidCallbackUrl'),
    )
  })

  it('may be any on the public internet', () => {
    const endpoints = { ...outgoing, furtherEndpoints: ['https://9.9.9.9/ilp'] }
    expect(() => checkPublic({ outgoing: endpoints, incoming: { callbackUrl: 'https://bank.example' } })).not.toThrow()
  })
})

describe('tokens', () => {
  it.each([
    ['', 'is empty'],
    ['two words', 'blank'],
    ['pässword', 'visible ASCII'],
    ['line\n', 'visible ASCII'],
    ['x'.repeat(2_049), '2049 characters'],
  ])('are refused: %j, %s, and never told', (authToken, why) => {
    const asOutgoing = () => checkHttp({ outgoing: { ...outgoing, authToken } })
    const asIncoming = () => checkHttp({ outgoing, incoming: { authTokens: ['fine', authToken] } })
    expect(asOutgoing).toThrow(refusal('invalid', 'InvalidAuthToken'))
    expect(asOutgoing).toThrow(`http.outgoing.authToken`)
    expect(asIncoming).toThrow('http.incoming.authTokens[1]')
    expect(asIncoming).toThrow(why)
    if (authToken !== '') expect(asIncoming).not.toThrow(authToken)
  })

  it('tell peers apart: none is given twice', () => {
    const twice = () => checkHttp({ outgoing, incoming: { authTokens: ['one', 'two', 'one'] } })
    expect(twice).toThrow(refusal('duplicate', 'DuplicateIncomingToken'))
  })

  it('are at most sixteen', () => {
    const authTokens = Array.from({ length: 17 }, (_, n) => `token-${n}`)
    expect(() => checkHttp({ outgoing, incoming: { authTokens: authTokens.slice(1) } })).not.toThrow()
    expect(() => checkHttp({ outgoing, incoming: { authTokens } })).toThrow(refusal('limited', 'TooManyIncomingTokens'))
  })
})

describe('amounts and limits', () => {
  it('may be absent, null, or anything that fits', () => {
    expect(() => checkAmounts({})).not.toThrow()
    expect(() => checkAmounts({ maxPacketAmount: null, limits: { packetsPerMinute: null } })).not.toThrow()
    const limits = { packetsPerMinute: 1, incomingAmountPerSecond: 0n, outgoingAmountPerSecond: 2n ** 64n - 1n }
    expect(() => checkAmounts({ maxPacketAmount: 2n ** 64n - 1n, liquidityThreshold: 0n, limits })).not.toThrow()
  })

  it.each([
    [{ maxPacketAmount: -1n }, 'InvalidAmount'],
    [{ liquidityThreshold: 2n ** 64n }, 'InvalidAmount'],
    [{ limits: { incomingAmountPerSecond: -1n } }, 'InvalidAmount'],
    [{ limits: { outgoingAmountPerSecond: 2n ** 64n } }, 'InvalidAmount'],
    [{ limits: { packetsPerMinute: 0 } }, 'InvalidPacketLimit'],
    [{ limits: { packetsPerMinute: 0.5 } }, 'InvalidPacketLimit'],
  ])('are refused: %o as %s', (amounts, reason) => {
    expect(() => checkAmounts(amounts)).toThrow(refusal('invalid', reason))
  })
})
