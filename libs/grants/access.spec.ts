import { describe, expect, it } from 'vitest'
import { type Access, reachOf, rightsFor } from './access.js'

const reader: Access = {
  tenantId: 'tenant',
  client: 'https://client.example/me',
  rights: [
    { type: 'incoming-payment', actions: ['create', 'read', 'list-all'] },
    { type: 'quote', actions: ['read-all'] },
  ],
}

const bound: Access = {
  tenantId: 'tenant',
  rights: [{ type: 'outgoing-payment', actions: ['create'], identifier: 'https://bank.example/Alice' }],
}

describe('reachOf', () => {
  it('is own for a plain right', () => {
    expect(reachOf(reader, { type: 'incoming-payment', action: 'read' })).toBe('own')
    expect(reachOf(reader, { type: 'incoming-payment', action: 'create' })).toBe('own')
  })

  it('is all for a right over everybody, which includes the plain one', () => {
    expect(reachOf(reader, { type: 'incoming-payment', action: 'list' })).toBe('all')
    expect(reachOf(reader, { type: 'quote', action: 'read' })).toBe('all')
  })

  it('is none for what was not granted, also when another type has it', () => {
    expect(reachOf(reader, { type: 'incoming-payment', action: 'complete' })).toBe('none')
    expect(reachOf(reader, { type: 'quote', action: 'create' })).toBe('none')
    expect(reachOf(reader, { type: 'outgoing-payment', action: 'read' })).toBe('none')
  })

  it('ends at the wallet address that the right is bound to', () => {
    const asked = { type: 'outgoing-payment', action: 'create' } as const
    expect(reachOf(bound, { ...asked, walletAddress: 'https://bank.example/alice/' })).toBe('own')
    expect(reachOf(bound, { ...asked, walletAddress: 'https://bank.example/bob' })).toBe('none')
    expect(reachOf(bound, { ...asked, walletAddress: 'https://bank.example/alice/savings' })).toBe('none')
  })

  it('holds for every wallet address without an identifier', () => {
    const asked = { type: 'quote', action: 'read', walletAddress: 'https://bank.example/bob' } as const
    expect(reachOf(reader, asked)).toBe('all')
  })
})

describe('rightsFor', () => {
  it('are all access items of the type and wallet address', () => {
    expect(rightsFor(reader, { type: 'quote', action: 'create' })).toEqual([reader.rights[1]])
    const bobs = { type: 'outgoing-payment', action: 'create', walletAddress: 'https://bank.example/bob' } as const
    expect(rightsFor(bound, bobs)).toEqual([])
  })
})
