import { describe, expect, it } from 'vitest'
import { digestOf, isSignedBy, isWithinWindow, parseSignature } from './signature.js'

const DIGEST = 'ab'.repeat(32)
const NOW = 1_700_000_000_000

// printf '1700000000000.{"operationName":"W","query":"query W { whoami { id } }","variables":{"a":1,"b":[true,null]}}' | openssl dgst -sha256 -hmac secret
const BODY = { query: 'query W { whoami { id } }', variables: { b: [true, null], a: 1 }, operationName: 'W' }
const EXPECTED = 'c5a144af44935db636170cb1ebfe1fa824b4df301b8d446d25edb4559325b5e6'

describe('the signature header', () => {
  it('is read as Rafiki writes it', () => {
    expect(parseSignature(`t=${NOW}, v1=${DIGEST}`)).toEqual({ timestampMs: NOW, version: 1, digest: DIGEST })
  })

  for (const [why, header] of [
    ['nothing', ''],
    ['no time', `v1=${DIGEST}`],
    ['a time in seconds', `t=1700000000, v1=${DIGEST}`],
    ['a time that is no number', `t=now, v1=${DIGEST}`],
    ['no version', `t=${NOW}, v=${DIGEST}`],
    ['a short digest', `t=${NOW}, v1=${DIGEST.slice(2)}`],
    ['a digest in capitals, a second spelling of the same', `t=${NOW}, v1=${DIGEST.toUpperCase()}`],
    ['something behind it', `t=${NOW}, v1=${DIGEST}, v2=${DIGEST}`],
    ['a line break behind it', `t=${NOW}, v1=${DIGEST}\n`],
  ] as const) {
    it(`is refused with ${why}`, () => expect(parseSignature(header)).toBeUndefined())
  }
})

describe('a signature', () => {
  it('is HMAC-SHA256 over the time and the canonical JSON of the request', () => {
    expect(digestOf(NOW, BODY, 'secret')).toBe(EXPECTED)
  })

  it('covers only members that were sent, and no others', () => {
    const { operationName: _, ...unnamed } = BODY
    expect(digestOf(NOW, unnamed, 'secret')).not.toBe(EXPECTED)
    expect(digestOf(NOW, { ...BODY, ...{ extensions: { client: 'apollo' } } }, 'secret')).toBe(EXPECTED)
  })

  it('fits its secret, body and time, and no other', () => {
    const signature = { timestampMs: NOW, version: 1, digest: EXPECTED }
    expect(isSignedBy('secret', signature, BODY)).toBe(true)
    expect(isSignedBy('secret2', signature, BODY)).toBe(false)
    expect(isSignedBy('secret', { ...signature, timestampMs: NOW + 1 }, BODY)).toBe(false)
    expect(isSignedBy('secret', signature, { ...BODY, query: 'query W { whoami { isOperator } }' })).toBe(false)
  })

  it('never fits what has no canonical form', () => {
    const signature = { timestampMs: NOW, version: 1, digest: DIGEST }
    const bottomless = JSON.parse('['.repeat(100_000) + ']'.repeat(100_000))
    expect(isSignedBy('secret', signature, { variables: bottomless })).toBe(false)
    expect(isSignedBy('secret', signature, { variables: { a: Number.POSITIVE_INFINITY } })).toBe(false)
  })
})

describe('the window', () => {
  it('is open as long before now as after it', () => {
    expect(isWithinWindow(NOW - 30_000, NOW, 30_000)).toBe(true)
    expect(isWithinWindow(NOW + 30_000, NOW, 30_000)).toBe(true)
    expect(isWithinWindow(NOW - 30_001, NOW, 30_000)).toBe(false)
    expect(isWithinWindow(NOW + 30_001, NOW, 30_000)).toBe(false)
  })
})
