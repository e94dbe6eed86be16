import { expect, it } from 'vitest'
import { amountText } from './amount.js'

it('writes amounts in the unit of their asset, to its last digit', () => {
  expect(amountText(1_250n, { code: 'USD', scale: 2 })).toBe('12.50 USD')
  expect(amountText(5n, { code: 'USD', scale: 2 })).toBe('0.05 USD')
  expect(amountText(0n, { code: 'EUR', scale: 2 })).toBe('0.00 EUR')
  expect(amountText(900n, { code: 'JPY', scale: 0 })).toBe('900 JPY')
  expect(amountText(18_446_744_073_709_551_615n, { code: 'XRP', scale: 18 })).toBe('18.446744073709551615 XRP')
})
