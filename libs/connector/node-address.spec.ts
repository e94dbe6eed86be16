import { describe, expect, it } from 'vitest'
import { NodeAddress } from './node-address.js'

const address = new NodeAddress('test.kivuko', 'operator')

describe('NodeAddress', () => {
  it("is the operator's, and each other tenant's below it", () => {
    expect(address.ofTenant('operator')).toBe('test.kivuko')
    expect(address.ofTenant('tenant-2')).toBe('test.kivuko.tenant-2')
  })

  it('covers what is below it, by whole segments', () => {
    expect(address.covers('test.kivuko.a')).toBe(true)
    expect(address.covers('test.kivuko')).toBe(false)
    expect(address.covers('test.kivuko2.a')).toBe(false)
  })

  it.each([
    ['test.a', 'g.b', true],
    ['test1.a', 'g.b', true],
    ['g.a', 'test.b', true],
    ['g.a', 'test3.b', true],
    ['test.a', 'test2.b', false],
    ['g.a', 'g.b', false],
    ['g.a', 'private.b', false],
    ['private.a', 'g.b', false],
  ])('%s: %s is on the other network: %s', (own, destination, expected) => {
    expect(new NodeAddress(own, 'operator').isOnOtherNetwork(destination)).toBe(expected)
  })
})
