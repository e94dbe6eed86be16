import { describe, expect, it } from 'vitest'
import { requestedAddresses } from './requested-addresses.js'

describe('the address a request means', () => {
  it('is https', () => {
    expect(requestedAddresses('bank.example', '/alice', false)).toEqual(['https://bank.example/alice'])
  })

  it('may be http where that is allowed', () => {
    expect(requestedAddresses('127.0.0.1:3003', '/a/b', true)).toEqual([
      'http://127.0.0.1:3003/a/b',
      'https://127.0.0.1:3003/a/b',
    ])
  })

  it('is none with a host that is no host', () => {
    for (const host of ['', 'a b', 'bank.example:port', '[::1'])
      expect(requestedAddresses(host, '/alice', true)).toEqual([])
  })
})
