import { describe, expect, it } from 'vitest'
import { type Access, reachOf } from './access.js'

const reader: Access = {
  tenantId: 'tenant',
  client: 'https://client.example/me',
  rights: [
    { type: 'incoming-payment', actions: ['create', 'read', 'list-all'] },
    { type: 'quote', actions: ['read-all'] },
  ],
}

describe('reachOf', () => {
  it('is own for a plain right', () => {
    expect(reachOf(reader, 'incoming-payment', 'read')).toBe('own')
    expect(reachOf(reader, 'incoming-payment', 'create')).toBe('own')
  })

  it('is all for a right over everybody, which includes the plain one', () => {
    expect(reachOf(reader, 'incoming-payment', 'list')).toBe('all')
    expect(reachOf(reader, 'quote', 'read')).toBe('all')
  })

  it('is none for what was not granted, also when another type has it', () => {
    expect(reachOf(reader, 'incoming-payment', 'complete')).toBe('none')
    expect(reachOf(reader, 'quote', 'create')).toBe('none')
    expect(reachOf(reader, 'outgoing-payment', 'read')).toBe('none')
  })
})
