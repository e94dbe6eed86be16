import { expect, it } from 'vitest'
import { shortLine } from './short-lines.js'

const ESCAPE = String.fromCharCode(27)
const plain = (line: string) => line.replaceAll(new RegExp(`${ESCAPE}\\[\\d+m`, 'g'), '')

it('shows time, level, message and the other fields', () => {
  const record = JSON.stringify({ level: 40, time: 0, node: 'a', msg: 'rates are old', base: 'USD', ageMs: 61_000 })
  expect(plain(shortLine(record))).toMatch(/^\d\d:\d\d:00 warn {2}rates are old base=USD ageMs=61000$/)
})

it('shows where an error came from', () => {
  const record = JSON.stringify({ level: 50, time: 0, msg: 'failed', err: { stack: 'Error: no\n    at here' } })
  expect(plain(shortLine(record))).toContain('failed\n  Error: no\n      at here')
})

it('leaves alone what is not a record', () => {
  expect(shortLine('plain words\n')).toBe('plain words')
})
