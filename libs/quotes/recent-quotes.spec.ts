import { expect, it } from 'vitest'
import type { Quote } from './quote.entity.js'
import { RecentQuotes } from './recent-quotes.js'

const made: Quote = {
  id: '',
  tenantId: 'tenant',
  walletAddressId: 'wallet',
  assetId: 'asset',
  receiver: 'https://example.com/incoming-payments/1',
  debitAmount: 100n,
  debitAmountMinusFees: 95n,
  receiveAmount: 90n,
  receiveAssetCode: 'USD',
  receiveAssetScale: 2,
  feeId: null,
  method: 'local',
  guaranteedRateNumerator: 1n,
  guaranteedRateDenominator: 1n,
  lowRateNumerator: 1n,
  lowRateDenominator: 1n,
  highRateNumerator: 1n,
  highRateDenominator: 1n,
  maxPacketAmount: null,
  client: null,
  expiresAt: new Date(1),
  createdAt: new Date(0),
}

it('finds what was made last, and forgets the oldest when there are too many', () => {
  const recent = new RecentQuotes()
  for (let number = 1; number <= 5_001; number += 1) recent.add({ ...made, id: `${number}` })
  expect(recent.find('1')).toBeUndefined()
  expect(recent.find('2')?.id).toBe('2')
  expect(recent.find('5001')?.debitAmount).toBe(100n)
})
