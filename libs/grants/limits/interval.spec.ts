import { describe, expect, it } from 'vitest'
import { intervalAt, parseRepeatingInterval } from './interval.js'

/** Start and end of the interval at a time, as text. */
function at(text: string, time: string): string | undefined {
  const repeating = parseRepeatingInterval(text)
  if (repeating === undefined) throw new Error(`${text} was not read`)
  const interval = intervalAt(repeating, Date.parse(time))
  return interval && `${iso(interval.startMs)}/${iso(interval.endMs)}`
}

const iso = (ms: number) => new Date(ms).toISOString().replace('.000Z', 'Z')

describe('R<n> is n intervals', () => {
  const three = 'R3/2026-01-01T00:00:00Z/P1M'
  it.each([
    ['2025-12-31T23:59:59.999Z', undefined],
    ['2026-01-01T00:00:00Z', '2026-01-01T00:00:00Z/2026-02-01T00:00:00Z'],
    ['2026-01-31T23:59:59.999Z', '2026-01-01T00:00:00Z/2026-02-01T00:00:00Z'],
    ['2026-02-01T00:00:00Z', '2026-02-01T00:00:00Z/2026-03-01T00:00:00Z'],
    ['2026-03-31T23:59:59.999Z', '2026-03-01T00:00:00Z/2026-04-01T00:00:00Z'],
    ['2026-04-01T00:00:00Z', undefined],
  ])('at %s', (time, expected) => expect(at(three, time)).toBe(expected))

  it('so R1 is one and R0 is none', () => {
    expect(at('R1/2026-01-01T00:00:00Z/P1D', '2026-01-01T12:00:00Z')).toBe('2026-01-01T00:00:00Z/2026-01-02T00:00:00Z')
    expect(at('R1/2026-01-01T00:00:00Z/P1D', '2026-01-02T00:00:00Z')).toBeUndefined()
    expect(at('R0/2026-01-01T00:00:00Z/P1D', '2026-01-01T12:00:00Z')).toBeUndefined()
  })

  it.each(['R', 'R-1'])('and %s is without end', (repetition) => {
    expect(at(`${repetition}/2026-01-01T00:00:00Z/P1Y`, '2999-06-01T00:00:00Z')).toBe(
      '2999-01-01T00:00:00Z/3000-01-01T00:00:00Z',
    )
  })
})

describe('months are counted from the start', () => {
  const monthly = 'R/2026-01-31T10:00:00Z/P1M'
  it.each([
    ['2026-02-28T09:59:59Z', '2026-01-31T10:00:00Z/2026-02-28T10:00:00Z'],
    ['2026-02-28T10:00:00Z', '2026-02-28T10:00:00Z/2026-03-31T10:00:00Z'],
    ['2026-04-01T00:00:00Z', '2026-03-31T10:00:00Z/2026-04-30T10:00:00Z'],
    ['2028-02-29T12:00:00Z', '2028-02-29T10:00:00Z/2028-03-31T10:00:00Z'],
  ])('at %s', (time, expected) => expect(at(monthly, time)).toBe(expected))

  it('also by years, from the 29th of February', () => {
    expect(at('R/2024-02-29T00:00:00Z/P1Y', '2025-03-01T00:00:00Z')).toBe('2025-02-28T00:00:00Z/2026-02-28T00:00:00Z')
    expect(at('R/2024-02-29T00:00:00Z/P1Y', '2028-02-29T00:00:00Z')).toBe('2028-02-29T00:00:00Z/2029-02-28T00:00:00Z')
  })
})

describe('a duration', () => {
  it.each([
    ['R/2026-01-01T00:00:00Z/P2W', '2026-01-20T00:00:00Z', '2026-01-15T00:00:00Z/2026-01-29T00:00:00Z'],
    ['R/2026-01-01T00:00:00Z/PT90M', '2026-01-01T02:00:00Z', '2026-01-01T01:30:00Z/2026-01-01T03:00:00Z'],
    ['R/2026-01-01T00:00:00Z/PT30S', '2026-01-01T00:01:10Z', '2026-01-01T00:01:00Z/2026-01-01T00:01:30Z'],
    ['R/2026-01-01T00:00:00Z/P1DT12H', '2026-01-03T00:00:00Z', '2026-01-02T12:00:00Z/2026-01-04T00:00:00Z'],
    ['R/2026-01-15T00:00:00Z/P1M1D', '2026-03-01T00:00:00Z', '2026-02-16T00:00:00Z/2026-03-17T00:00:00Z'],
    ['R/2026-01-01T00:00:00+02:00/P1D', '2026-01-01T00:00:00Z', '2025-12-31T22:00:00Z/2026-01-01T22:00:00Z'],
    ['R/2026-01-01T00:00:00/P1D', '2026-01-01T00:00:00Z', '2026-01-01T00:00:00Z/2026-01-02T00:00:00Z'],
    ['R/1960-01-01T06:00:00Z/P1M', '1960-02-15T00:00:00Z', '1960-02-01T06:00:00Z/1960-03-01T06:00:00Z'],
  ])('%s at %s', (text, time, expected) => expect(at(text, time)).toBe(expected))

  it('before an end is counted back from it', () => {
    const two = 'R2/P1M/2026-03-31T00:00:00Z'
    expect(at(two, '2026-03-31T00:00:00Z')).toBeUndefined()
    expect(at(two, '2026-03-30T23:59:59Z')).toBe('2026-02-28T00:00:00Z/2026-03-31T00:00:00Z')
    expect(at(two, '2026-02-28T00:00:00Z')).toBe('2026-02-28T00:00:00Z/2026-03-31T00:00:00Z')
    expect(at(two, '2026-02-27T23:59:59Z')).toBe('2026-01-31T00:00:00Z/2026-02-28T00:00:00Z')
    expect(at(two, '2026-01-30T23:59:59Z')).toBeUndefined()
    expect(at('R/P1D/2026-03-31T00:00:00Z', '1999-01-01T12:00:00Z')).toBe('1999-01-01T00:00:00Z/1999-01-02T00:00:00Z')
  })

  it('may be given by its start and end', () => {
    const text = 'R2/2026-01-01T00:00:00Z/2026-01-11T00:00:00Z'
    expect(at(text, '2026-01-10T00:00:00Z')).toBe('2026-01-01T00:00:00Z/2026-01-11T00:00:00Z')
    expect(at(text, '2026-01-11T00:00:00Z')).toBe('2026-01-11T00:00:00Z/2026-01-21T00:00:00Z')
    expect(at(text, '2026-01-21T00:00:00Z')).toBeUndefined()
  })

  it('too small to be counted one by one is found at once', () => {
    expect(at('R/1970-01-01T00:00:00Z/PT1S', '2026-01-01T00:00:00.500Z')).toBe(
      '2026-01-01T00:00:00Z/2026-01-01T00:00:01Z',
    )
  })
})

describe('what is no repeating interval', () => {
  it.each([
    '',
    'R',
    'R3',
    'R3/2026-01-01T00:00:00Z',
    '2026-01-01T00:00:00Z/P1M',
    'R-2/2026-01-01T00:00:00Z/P1M',
    'R1.5/2026-01-01T00:00:00Z/P1M',
    'r3/2026-01-01T00:00:00Z/P1M',
    'R3/2026-01-01T00:00:00Z/P',
    'R3/2026-01-01T00:00:00Z/PT',
    'R3/2026-01-01T00:00:00Z/P1DT',
    'R3/2026-01-01T00:00:00Z/P0D',
    'R3/2026-01-01T00:00:00Z/-P1M',
    'R3/2026-01-01T00:00:00Z/P1.5M',
    'R3/2026-01-01T00:00:00Z/P1M/P1M',
    'R3/P1M/P1M',
    'R3/2026-02-30T00:00:00Z/P1M',
    'R3/2026-13-01T00:00:00Z/P1M',
    'R3/2026-01-01T25:00:00Z/P1M',
    'R3/2026-01-01T00:00:00Z/2026-01-01T00:00:00Z',
    'R3/2026-01-02T00:00:00Z/2026-01-01T00:00:00Z',
    'R3/yesterday/P1M',
    'R3/ 2026-01-01T00:00:00Z/P1M',
  ])('%j is refused', (text) => expect(parseRepeatingInterval(text)).toBeUndefined())
})
