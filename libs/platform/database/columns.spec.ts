import { describe, expect, it } from 'vitest'
import { bigintColumn, newRowId } from './columns.js'

it('keeps every digit of the largest u64', () => {
  expect(bigintColumn.from('18446744073709551615')).toBe(18446744073709551615n)
  expect(bigintColumn.to(18446744073709551615n)).toBe('18446744073709551615')
})

it('leaves null alone', () => {
  expect(bigintColumn.from(null)).toBeNull()
  expect(bigintColumn.to(null)).toBeNull()
})

describe('newRowId', () => {
  // The example of RFC 9562, Appendix A.6: 0x017F22E279B0 ms.
  const AT_MS = 1_645_557_742_000

  it('is a UUID of version 7 that begins with the time', () => {
    expect(newRowId(AT_MS)).toMatch(/^017f22e2-79b0-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/)
  })

  it('is another one each time, and sorts by time', () => {
    expect(new Set(Array.from({ length: 100 }, () => newRowId(AT_MS))).size).toBe(100)
    expect(newRowId(AT_MS) < newRowId(AT_MS + 1)).toBe(true)
  })
})
