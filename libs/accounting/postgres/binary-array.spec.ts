import { expect, it } from 'vitest'
import { int4Array, int8Array, uuidArray } from './binary-array.js'

// The form of Postgres's array_recv: dimensions, flag for nulls, element type, length, lower bound, then length and bytes.
it('writes arrays as Postgres reads them', () => {
  expect(int4Array([1, -2]).toString('hex')).toBe(
    '00000001' + '00000000' + '00000017' + '00000002' + '00000001' + '0000000400000001' + '00000004fffffffe',
  )
  expect(int8Array([-1n]).toString('hex')).toBe(
    '00000001' + '00000000' + '00000014' + '00000001' + '00000001' + '00000008ffffffffffffffff',
  )
  expect(uuidArray([2n ** 128n - 2n]).toString('hex')).toBe(
    '00000001' + '00000000' + '00000b86' + '00000001' + '00000001' + '00000010fffffffffffffffffffffffffffffffe',
  )
})

it('writes an empty array without a dimension', () => {
  expect(int4Array([]).toString('hex')).toBe('00000000' + '00000000' + '00000017')
})
