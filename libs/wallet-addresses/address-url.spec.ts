import { describe, expect, it } from 'vitest'
import { lookupForm, resolveAddress } from './address-url.js'

const https = { baseUrl: 'https://bank.example', allowHttp: false }
const below = { baseUrl: 'https://Bank.Example/pay/', allowHttp: false }
const http = { baseUrl: 'http://127.0.0.1:3003', allowHttp: true }

describe('resolveAddress', () => {
  it.each([
    ['https://bank.example/alice', https, 'https://bank.example/alice'],
    ['https://BANK.example/Alice', https, 'https://bank.example/alice'],
    ['https://bank.example:443/alice', https, 'https://bank.example/alice'],
    ['https://bank.example/alice/', https, 'https://bank.example/alice'],
    ['https://bank.example/alice/healthz', https, 'https://bank.example/alice/healthz'],
    ['https://bank.example/a/../alice', https, 'https://bank.example/alice'],
    ['https://bank.example/.well-known/pay', https, 'https://bank.example/.well-known/pay'],
    ['alice', https, 'https://bank.example/alice'],
    ['/alice', https, 'https://bank.example/alice'],
    ['Branch/Alice', https, 'https://bank.example/branch/alice'],
    ['alice', below, 'https://bank.example/pay/alice'],
    ['https://bank.example/pay/alice', below, 'https://bank.example/pay/alice'],
    ['alice', http, 'http://127.0.0.1:3003/alice'],
    ['http://127.0.0.1:3003/alice', http, 'http://127.0.0.1:3003/alice'],
  ])('%s', (address, rules, expected) => {
    expect(resolveAddress(address, rules)).toBe(expected)
  })

  it.each([
    ['', https, 'no path'],
    ['healthz', https, 'answers itself'],
    ['https://bank.example/Livez/', https, 'answers itself'],
    ['https://bank.example/readyz', https, 'answers itself'],
    ['https://bank.example/x/outgoing-payment-grant', https, 'a path of this server'],
    ['/', https, 'no path'],
    ['https://bank.example', https, 'no path'],
    ['https://bank.example/', https, 'no path'],
    ['//alice', https, 'empty part'],
    ['https://bank.example/a//b', https, 'empty part'],
    ['https://bank.example/alice?x=1', https, 'query'],
    ['alice?x=1', https, 'query'],
    ['https://bank.example/alice#top', https, 'fragment'],
    ['https://user@bank.example/alice', https, 'user name'],
    ['https://user:word@bank.example/alice', https, 'user name'],
    ['http://bank.example/alice', https, 'https://'],
    ['ftp://bank.example/alice', https, 'https://'],
    ['alice', { ...http, allowHttp: false }, 'https://'],
    ['https://bank.example/alice/incoming-payments', https, '"/incoming-payments"'],
    ['https://bank.example/Outgoing-Payments/alice', https, '"/outgoing-payments"'],
    ['quotes', https, '"/quotes"'],
    ['alice/jwks.json', https, '"/jwks.json"'],
    ['https://bank.example.evil/alice', https, 'below'],
    ['https://bank.example:8443/alice', https, 'below'],
    ['https://bank.example/payroll/alice', below, 'below'],
    ['https://bank.example/pay', below, 'below'],
    ['../alice', below, 'below'],
    [`https://bank.example/${'x'.repeat(1_024)}`, https, 'longer than'],
  ])('refuses %s', (address, rules, why) => {
    const refused = () => resolveAddress(address, rules)
    expect(refused).toThrow(expect.objectContaining({ kind: 'invalid', reason: 'InvalidUrl' }))
    expect(refused).toThrow(why)
  })
})

describe('lookupForm', () => {
  it('is the stored form', () => {
    expect(lookupForm('https://Bank.Example:443/Alice/')).toBe('https://bank.example/alice')
  })

  it.each([
    '',
    'alice',
    'https://bank.example/alice?x',
    'https://bank.example/alice#x',
    'https://u@bank.example/alice',
  ])('is nothing for %j', (url) => {
    expect(lookupForm(url)).toBeUndefined()
  })

  it('agrees with what was stored', () => {
    for (const address of ['https://bank.example/alice', 'Alice/', '/Branch/alice']) {
      const stored = resolveAddress(address, https)
      expect(lookupForm(stored)).toBe(stored)
    }
  })
})
