import { verify } from 'node:crypto'
import { parseDictionary } from 'structured-headers'
import { describe, expect, it } from 'vitest'
import { TEST_PUBLIC_KEY } from '../testing/signing-client.js'
import { labelledSignatures } from './labelled-signatures.js'
import { signatureBase } from './signature-base.js'

// RFC 9421 B.2 (the request) and B.2.6 (the signature by test-key-ed25519).
const fields = {
  host: ['example.com'],
  date: ['Tue, 20 Apr 2021 02:07:55 GMT'],
  'content-type': ['application/json'],
  'content-length': ['18'],
  'signature-input': [
    'sig-b26=("date" "@method" "@path" "@authority" "content-type" "content-length");created=1618884473;keyid="test-key-ed25519"',
  ],
  signature: ['sig-b26=:wqcAqbmYJ2ji2glfAMaRy4gruYYnx2nEFN2HN6jrnDnQCK1u02Gb04v9EDgwUPiu4A0w6vuQv5lIp5WPpBKRCw==:'],
}
const targetUri = 'https://example.com/foo?param=Value&Pet=dog'

describe('the signature base', () => {
  const [found] = labelledSignatures(fields)
  const message = { method: 'POST', targetUri, fields }

  it('is that of RFC 9421 B.2.6, line by line', () => {
    expect(found && signatureBase(found.input, message).toString().split('\n')).toEqual([
      '"date": Tue, 20 Apr 2021 02:07:55 GMT',
      '"@method": POST',
      '"@path": /foo',
      '"@authority": example.com',
      '"content-type": application/json',
      '"content-length": 18',
      '"@signature-params": ("date" "@method" "@path" "@authority" "content-type" "content-length");created=1618884473;keyid="test-key-ed25519"',
    ])
  })

  it('verifies with the signature of RFC 9421 B.2.6, and not once a header has changed', () => {
    if (found === undefined) throw new Error('the signature was not found')
    expect(verify(null, signatureBase(found.input, message), TEST_PUBLIC_KEY, found.signature)).toBe(true)
    const changed = { ...message, fields: { ...fields, date: ['Tue, 20 Apr 2021 02:07:56 GMT'] } }
    expect(verify(null, signatureBase(found.input, changed), TEST_PUBLIC_KEY, found.signature)).toBe(false)
  })

  it.each([
    ['a header that did not come', '("x-missing")'],
    ['a component of a response', '("@status")'],
    ['a component nobody knows', '("@nonsense")'],
    ['a component of another message', '("@method";req)'],
  ])('has no line for %s', (_, input) => {
    const [list] = parseDictionary(`sig=${input}`).values()
    if (list === undefined || !Array.isArray(list[0])) throw new Error('the test has no list')
    expect(() => signatureBase([list[0], list[1]], message)).toThrow('a covered component is not in the request')
  })
})
