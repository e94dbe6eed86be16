import { describe, expect, it } from 'vitest'
import { tableLines } from './table.js'

describe('tableLines', () => {
  it('aligns its columns under their titles', () => {
    const columns = [{ title: 'account' }, { title: 'amount', align: 'right' as const }]
    expect(
      tableLines(columns, [
        ['a', '1.00'],
        ['longer name', '1,000.00'],
      ]),
    ).toEqual([
      '  account        amount',
      '  ─────────────────────',
      '  a                1.00',
      '  longer name  1,000.00',
    ])
  })
})
