import { describe, expect, it } from 'vitest'
import { readProperties, visibleProperties } from './additional-property.js'

const property = (key: string, value: string, visibleInOpenPayments = true) => ({ key, value, visibleInOpenPayments })

describe('additional properties', () => {
  it('are trimmed, and empty ones are left out', () => {
    const given = [property(' branch ', ' Nairobi '), property('', 'x'), property('y', ' ')]
    expect(readProperties(given)).toEqual([property('branch', 'Nairobi')])
  })

  it('have each key once, and limits', () => {
    expect(() => readProperties([property('a', '1'), property('a ', '2')])).toThrow('"a" is there twice')
    expect(() => readProperties([property('a', 'x'.repeat(1_025))])).toThrow('at most 1024 characters')
    const many = Array.from({ length: 21 }, (_, index) => property(`k${index}`, 'v'))
    expect(() => readProperties(many)).toThrow('at most 20')
  })

  it('are seen by everyone only where they are visible', () => {
    expect(visibleProperties([property('a', '1'), property('b', '2', false)])).toEqual({ a: '1' })
    expect(visibleProperties([property('b', '2', false)])).toBeUndefined()
  })
})
