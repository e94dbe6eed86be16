import { describe, expect, it } from 'vitest'
import { AccessControl } from './access-control.js'

const tenantId = '11111111-1111-4111-8111-111111111111'
const control = new AccessControl({ token: 'let-me-in', tenantId })
const invalid = { kind: 'unauthenticated', reason: 'InvalidToken' }

describe('AccessControl', () => {
  it('knows the development token, whatever the case of the scheme', async () => {
    expect((await control.authenticate('GNAP let-me-in')).tenantId).toBe(tenantId)
    expect((await control.authenticate('gnap let-me-in')).tenantId).toBe(tenantId)
  })

  it.each([
    undefined,
    '',
    'let-me-in',
    'Bearer let-me-in',
    'GNAP',
    'GNAP ',
    'GNAP let me in',
    'GNAP let-me-in,',
    'GNAP let-me-i',
    'GNAP LET-ME-IN',
  ])('refuses %j', async (header) => {
    await expect(control.authenticate(header)).rejects.toMatchObject(invalid)
  })

  it('accepts no token at all where none is set', async () => {
    const closed = new AccessControl({ token: undefined, tenantId })
    await expect(closed.authenticate('GNAP let-me-in')).rejects.toMatchObject(invalid)
    await expect(closed.authenticate('GNAP undefined')).rejects.toMatchObject(invalid)
  })
})
