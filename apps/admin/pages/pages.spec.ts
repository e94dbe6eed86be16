import { describe, expect, it } from 'vitest'
import { z } from 'zod'
import { connectionOf } from './connection.js'
import { chosenAmong, chosenFrom, wantedOnly } from './filters.js'

describe('a connection', () => {
  it('has the ids of rows as cursors', () => {
    const page = { rows: [{ id: 'a' }, { id: 'b' }], hasNextPage: true, hasPreviousPage: false }
    expect(connectionOf(page, ({ id }) => id.toUpperCase())).toEqual({
      edges: [
        { node: 'A', cursor: 'a' },
        { node: 'B', cursor: 'b' },
      ],
      pageInfo: { startCursor: 'a', endCursor: 'b', hasNextPage: true, hasPreviousPage: false },
    })
  })

  it('has no cursors when it is empty', () => {
    const empty = connectionOf({ rows: [], hasNextPage: false, hasPreviousPage: false }, (row) => row)
    expect(empty.pageInfo).toMatchObject({ startCursor: null, endCursor: null })
  })
})

describe('a filter over known values', () => {
  const states = ['FUNDING', 'SENDING', 'FAILED'] as const

  it('lets pass what is in and not in notIn', () => {
    expect(chosenFrom(states)).toEqual(['FUNDING', 'SENDING', 'FAILED'])
    expect(chosenFrom(states, { in: ['FAILED', 'SENDING'] })).toEqual(['SENDING', 'FAILED'])
    expect(chosenFrom(states, { notIn: ['FAILED'] })).toEqual(['FUNDING', 'SENDING'])
    expect(chosenFrom(states, { in: ['FAILED'], notIn: ['FAILED'] })).toEqual([])
    expect(chosenFrom(states, { in: ['UNHEARD OF'] })).toEqual([])
    expect(chosenFrom(states, { in: null, notIn: null })).toEqual(['FUNDING', 'SENDING', 'FAILED'])
  })
})

describe('a filter over known values of our own lists', () => {
  it('lets pass what is chosen, and names a value that is not known', () => {
    const states = ['OPEN', 'CLOSED'] as const
    expect(chosenAmong('state', states, { in: ['OPEN'] })).toEqual(['OPEN'])
    expect(chosenAmong('state', states, { notIn: ['OPEN'] })).toEqual(['CLOSED'])
    expect(chosenAmong('state', states, null)).toEqual(['OPEN', 'CLOSED'])
    const refused = 'filter.state takes OPEN, CLOSED, found "open"'
    expect(() => chosenAmong('state', states, { in: ['open'] })).toThrow(refused)
    expect(() => chosenAmong('state', states, { notIn: ['open'] })).toThrow(refused)
  })
})

describe('a filter over endless values', () => {
  it('takes only values to look for, of the right form and not too many', () => {
    expect(wantedOnly('receiver', undefined, z.string())).toBeUndefined()
    expect(wantedOnly('receiver', { in: ['a'] }, z.string())).toEqual(['a'])
    expect(wantedOnly('receiver', { in: [] }, z.string())).toEqual([])
    expect(() => wantedOnly('receiver', { notIn: ['a'] }, z.string())).toThrow('filter.receiver takes only "in"')
    expect(() => wantedOnly('id', { in: ['a', 'x'] }, z.guid('must be a UUID'))).toThrow(
      'filter.id.0 must be a UUID, found "a"',
    )
    expect(() => wantedOnly('id', { in: Array.from({ length: 101 }, () => 'a') }, z.string())).toThrow(
      'at most 100 values',
    )
  })
})
