import { describe, expect, it } from 'vitest'
import { DevelopmentToken } from './development-token.js'

const tenantId = '11111111-1111-4111-8111-111111111111'

describe('the development token', () => {
  it('opens everything of its tenant', () => {
    const access = new DevelopmentToken('let-me-in', tenantId).access('let-me-in')
    expect(access?.tenantId).toBe(tenantId)
    expect(access?.client).toBeUndefined()
    expect(access?.rights.map(({ type }) => type)).toEqual(['incoming-payment', 'outgoing-payment', 'quote'])
  })

  it.each(['let-me-i', 'LET-ME-IN', 'let-me-in,', ''])('is not %j', (presented) => {
    expect(new DevelopmentToken('let-me-in', tenantId).access(presented)).toBeUndefined()
  })

  it('is none where none is set', () => {
    expect(new DevelopmentToken(undefined, tenantId).access('undefined')).toBeUndefined()
    expect(new DevelopmentToken(undefined, tenantId).access('')).toBeUndefined()
  })
})
