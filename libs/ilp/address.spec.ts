import { describe, expect, it } from 'vitest'
import { isValidIlpAddress, schemeOf } from './address.js'

describe('isValidIlpAddress', () => {
  it.each([
    'g.acme.bob',
    'g.us-fed.ach.0.acmebank.swx0a0.acmecorp.sales.199.~ipr.cdfa5e16-e759-4ba3-88f6-8b9dc83c1868.2',
    'test.a',
    'test1.a',
    'test3.a',
    'private.a',
    'example.a_b~c-d',
    'peer.config',
    'self.a',
    'local.a',
    `test.${'a'.repeat(1_018)}`,
  ])('accepts %s', (address) => {
    expect(isValidIlpAddress(address)).toBe(true)
  })

  it.each([
    '',
    'g',
    'g.',
    'g..a',
    '.g.a',
    'g.a.',
    'test4.a',
    'foo.a',
    'G.a',
    'g.a b',
    'g.a/b',
    'g.ä',
    'g.a\n',
    `test.${'a'.repeat(1_019)}`,
  ])('refuses %j', (address) => {
    expect(isValidIlpAddress(address)).toBe(false)
  })
})

describe('schemeOf', () => {
  it('is the first segment', () => {
    expect(schemeOf('test2.bank.alice')).toBe('test2')
    expect(schemeOf('g')).toBe('g')
  })
})
