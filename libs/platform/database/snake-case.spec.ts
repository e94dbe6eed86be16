import { expect, it } from 'vitest'
import { SnakeCase, snakeCase } from './snake-case.js'

it.each([
  ['createdAt', 'created_at'],
  ['id', 'id'],
  ['staticIlpAddress', 'static_ilp_address'],
  ['sha256', 'sha256'],
  ['last4Digits', 'last4_digits'],
])('%s is the column %s', (property, column) => expect(snakeCase(property)).toBe(column))

it('keeps a name that was given', () => {
  expect(new SnakeCase().columnName('createdAt', 'made_at', [])).toBe('made_at')
})
