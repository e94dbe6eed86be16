import { describe, expect, it } from 'vitest'
import { mayRead, onlyOf } from './grantee.js'

const SHOP = 'https://shop.example'

describe('a right to all resources', () => {
  it('reads and lists whoever made them', () => {
    expect(mayRead({ reach: 'all' }, SHOP)).toBe(true)
    expect(mayRead({ reach: 'all' }, null)).toBe(true)
    expect(onlyOf({ reach: 'all', client: SHOP })).toBeUndefined()
  })
})

describe("a right to the client's own", () => {
  it('reads and lists what this client made, and nothing else', () => {
    expect(mayRead({ reach: 'own', client: SHOP }, SHOP)).toBe(true)
    expect(mayRead({ reach: 'own', client: SHOP }, 'https://other.example')).toBe(false)
    expect(mayRead({ reach: 'own', client: SHOP }, null)).toBe(false)
    expect(onlyOf({ reach: 'own', client: SHOP })).toBe(SHOP)
  })

  it('is a right to nothing for a client without a name', () => {
    expect(mayRead({ reach: 'own' }, null)).toBe(false)
    expect(onlyOf({ reach: 'own' })).toBe('')
  })
})
