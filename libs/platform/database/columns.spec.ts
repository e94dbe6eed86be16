import { expect, it } from 'vitest'
import { bigintColumn } from './columns.js'

it('keeps every digit of the largest u64', () => {
  expect(bigintColumn.from('18446744073709551615')).toBe(18446744073709551615n)
  expect(bigintColumn.to(18446744073709551615n)).toBe('18446744073709551615')
})

it('leaves null alone', () => {
  expect(bigintColumn.from(null)).toBeNull()
  expect(bigintColumn.to(null)).toBeNull()
})
