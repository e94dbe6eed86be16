import { describe, expect, it } from 'vitest'
import { planPage } from './page.js'

const cursor = '0b9a9f1c-6d0f-4b0e-9a52-1f6c0a0f7d11'
const invalid = { kind: 'invalid', reason: 'InvalidPage' }

describe('planPage', () => {
  it('starts with the 20 newest', () => {
    expect(planPage({})).toEqual({ limit: 20, cursor: undefined, backward: false, order: 'DESC' })
  })

  it('takes null for absent, as GraphQL sends it', () => {
    const absent = { first: null, last: null, after: null, before: null, sortOrder: null }
    expect(planPage(absent)).toEqual(planPage({}))
  })

  it('goes forward from after, in the order asked for', () => {
    expect(planPage({ after: cursor, first: 5, sortOrder: 'ASC' })).toEqual({
      limit: 5,
      cursor,
      backward: false,
      order: 'ASC',
    })
  })

  it('walks the other way round for before', () => {
    expect(planPage({ before: cursor, last: 7 })).toEqual({ limit: 7, cursor, backward: true, order: 'ASC' })
    expect(planPage({ before: cursor, sortOrder: 'ASC' })).toMatchObject({ limit: 20, backward: true, order: 'DESC' })
  })

  it('lets after win over before', () => {
    const other = cursor.replace('0b', '1c')
    expect(planPage({ after: cursor, before: other, last: 3 })).toMatchObject({ cursor, backward: false, limit: 20 })
  })

  it('takes 0 for the usual number, as the reference does', () => {
    expect(planPage({ first: 0 }).limit).toBe(20)
  })

  it.each([
    [{ first: 101 }, 'Pagination index error'],
    [{ first: -1 }, 'Pagination index error'],
    [{ first: 1.5 }, 'Pagination index error'],
    [{ before: cursor, last: 101 }, 'Pagination index error'],
    [{ last: 5 }, "Can't paginate backwards from the start."],
    [{ after: cursor, last: 101 }, "Can't paginate backwards from the start."],
    [{ after: 'not an id' }, 'Pagination index error'],
  ])('refuses %j', (request, message) => {
    expect(() => planPage(request)).toThrow(expect.objectContaining(invalid))
    expect(() => planPage(request)).toThrow(message)
  })

  it('names what was wrong and what to do', () => {
    expect(() => planPage({ first: 101 })).toThrow('"first" must be a whole number up to 100, found 101')
    expect(() => planPage({ last: 5 })).toThrow('"last" needs "before"')
  })
})
