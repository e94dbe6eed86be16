import { describe, expect, it } from 'vitest'
import { actingFor, listedFor, visibleTo } from './caller.js'

const OWN = '438fa74a-fa7d-4317-9ced-dde32ece1787'
const OTHER = 'bc293b79-8609-47bd-b914-6438b470aff8'
const tenant = { tenantId: OWN, isOperator: false }
const operator = { tenantId: OWN, isOperator: true }

describe('a tenant', () => {
  it('sees, lists and acts for itself', () => {
    expect(visibleTo(tenant)).toBe(OWN)
    expect(listedFor(tenant, undefined)).toBe(OWN)
    expect(listedFor(tenant, OWN)).toBe(OWN)
    expect(actingFor(tenant, null)).toBe(OWN)
    expect(actingFor(tenant, OWN)).toBe(OWN)
  })

  it('is refused another tenant', () => {
    expect(() => listedFor(tenant, OTHER)).toThrow('not permitted')
    expect(() => actingFor(tenant, OTHER)).toThrow('not permitted')
  })
})

describe('the operator', () => {
  it('sees everyone, and lists everyone or one', () => {
    expect(visibleTo(operator)).toBeUndefined()
    expect(listedFor(operator, null)).toBeUndefined()
    expect(listedFor(operator, OTHER)).toBe(OTHER)
  })

  it('acts for itself unless it names another', () => {
    expect(actingFor(operator, undefined)).toBe(OWN)
    expect(actingFor(operator, OTHER)).toBe(OTHER)
    expect(() => actingFor(operator, 'everyone')).toThrow('no UUID')
  })
})
