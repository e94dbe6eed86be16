import { expect, it } from 'vitest'
import { assert, DomainError, InvariantError, messageOf } from './errors.js'

it('a broken invariant is named', () => {
  expect(() => assert(1 > 2, 'debits equal credits')).toThrow(new InvariantError('debits equal credits'))
  expect(() => assert(true, 'debits equal credits')).not.toThrow()
})

it('a domain error carries its kind, its reason and its details', () => {
  const error = new DomainError('not-found', 'UnknownPeer', 'There is no peer x.', { peerId: 'x' })
  expect(error).toMatchObject({ kind: 'not-found', reason: 'UnknownPeer', details: { peerId: 'x' } })
})

it('finds the words of whatever was thrown', () => {
  expect(messageOf(new Error('no'))).toBe('no')
  expect(messageOf('plain')).toBe('plain')
  expect(messageOf(new AggregateError([new Error('::1 refused'), new Error('127.0.0.1 refused')]))).toBe(
    '::1 refused; 127.0.0.1 refused',
  )
})
