import { expect, it } from 'vitest'
import { ConnectionTotals } from './connection-totals.js'

it('counts each connection by itself, and takes back what did not arrive', () => {
  const totals = new ConnectionTotals()
  expect(totals.add('one', 5n)).toBe(5n)
  expect(totals.add('one', 7n)).toBe(12n)
  expect(totals.add('other', 1n)).toBe(1n)
  expect(totals.add('one', -7n)).toBe(5n)
})

it('forgets the connection that was used least recently', () => {
  const totals = new ConnectionTotals()
  totals.add('old', 1n)
  totals.add('kept', 1n)
  for (let made = 0; made < 9_998; made++) totals.add(`connection ${made}`, 1n)
  totals.add('kept', 1n)
  totals.add('one more', 1n)
  expect(totals.add('kept', 1n)).toBe(3n)
  expect(totals.add('old', 1n)).toBe(1n)
})
