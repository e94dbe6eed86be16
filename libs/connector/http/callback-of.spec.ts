import { describe, expect, it } from 'vitest'
import { callbackOf } from './callback-of.js'

const peer = {
  outgoingEndpoint: 'https://bank.example/ilp?x=1',
  outgoingOptions: {
    mode: 'synchronous',
    jwtSubject: null,
    furtherEndpoints: ['https://second.example:8443/ilp'],
    endpointsAreOneNode: false,
  },
  callbackUrl: 'http://10.0.0.7/replies',
} as const

describe('the callback of a peer', () => {
  it.each([
    ['https://bank.example/any/path?at=all', 'https://bank.example/any/path?at=all'],
    ['HTTPS://Bank.Example:443/x', 'https://bank.example/x'],
    ['https://second.example:8443/', 'https://second.example:8443/'],
    ['http://10.0.0.7/replies', 'http://10.0.0.7/replies'],
    [undefined, 'http://10.0.0.7/replies'],
  ])('may be %s', (asked, url) => {
    expect(callbackOf(peer, asked)).toBe(url)
  })

  it.each([
    'http://bank.example/x',
    'https://bank.example:8443/x',
    'https://second.example/x',
    'https://bank.example.evil.example/x',
    'https://evil.example/bank.example',
    'https://user:word@bank.example/x',
    'https://bank.example@evil.example/x',
    'https://bank.example/x#y',
    'http://10.0.0.7/replies/more',
    'http://169.254.169.254/latest/meta-data',
    'file:///etc/passwd',
    'bank.example',
    '',
  ])('is never %s', (asked) => {
    expect(callbackOf(peer, asked)).toBeUndefined()
  })

  it('must be named where none is configured', () => {
    expect(callbackOf({ ...peer, callbackUrl: null }, undefined)).toBeUndefined()
    expect(callbackOf({ outgoingEndpoint: 'https://bank.example' }, undefined)).toBeUndefined()
  })
})
