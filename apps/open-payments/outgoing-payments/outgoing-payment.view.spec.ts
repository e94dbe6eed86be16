import { describe, expect, it } from 'vitest'
import { Addresses } from '../addresses.js'
import { quoteView, type ShownQuote } from '../quotes/quote.view.js'
import { outgoingPaymentView, type ShownOutgoingPayment } from './outgoing-payment.view.js'

const ID = '97eafed2-c06c-49ab-880d-76709bf49aad'
const TENANT = '438fa74a-fa7d-4317-9ced-dde32ece1787'
const WALLET = 'https://bank.example/alice'
const RECEIVER = 'https://other.example/incoming-payments/1'
const addresses = new Addresses({ openPaymentsUrl: 'https://bank.example' })

const quote: ShownQuote = {
  id: ID,
  tenantId: TENANT,
  receiver: RECEIVER,
  debitAmount: 10_000n,
  receiveAmount: 9_100n,
  receiveAssetCode: 'EUR',
  receiveAssetScale: 2,
  expiresAt: new Date(Date.UTC(2030, 0, 1, 0, 5)),
  createdAt: new Date(Date.UTC(2030, 0, 1)),
}
const payment: ShownOutgoingPayment = {
  id: ID,
  quote,
  tenantId: TENANT,
  state: 'SENDING',
  sentAmount: 2_500n,
  metadata: null,
  createdAt: new Date(Date.UTC(2030, 0, 1, 0, 1)),
}
const asset = { code: 'USD', scale: 2 }
const usd = (value: string) => ({ value, assetCode: 'USD', assetScale: 2 })
const eur = (value: string) => ({ value, assetCode: 'EUR', assetScale: 2 })

describe('a quote, told to a wallet', () => {
  it('has the members of the specification and no others, whatever way the money goes', () => {
    expect(quoteView(quote, WALLET, asset, addresses)).toEqual({
      id: `https://bank.example/${TENANT}/quotes/${ID}`,
      walletAddress: WALLET,
      receiver: RECEIVER,
      debitAmount: usd('10000'),
      receiveAmount: eur('9100'),
      method: 'ilp',
      createdAt: '2030-01-01T00:00:00.000Z',
      expiresAt: '2030-01-01T00:05:00.000Z',
    })
  })
})

describe('an outgoing payment, told to a wallet', () => {
  it('has the members of the specification and no others', () => {
    expect(outgoingPaymentView(payment, WALLET, asset, addresses)).toEqual({
      id: `https://bank.example/${TENANT}/outgoing-payments/${ID}`,
      walletAddress: WALLET,
      quoteId: `https://bank.example/${TENANT}/quotes/${ID}`,
      receiver: RECEIVER,
      debitAmount: usd('10000'),
      receiveAmount: eur('9100'),
      sentAmount: usd('2500'),
      failed: false,
      createdAt: '2030-01-01T00:01:00.000Z',
    })
  })

  it('has failed when it failed or was cancelled, and shows its metadata', () => {
    const view = (changes: Partial<ShownOutgoingPayment>) =>
      outgoingPaymentView({ ...payment, ...changes }, WALLET, asset, addresses)
    expect(view({ state: 'FAILED' }).failed).toBe(true)
    expect(view({ state: 'CANCELLED' }).failed).toBe(true)
    expect(view({ state: 'COMPLETED' }).failed).toBe(false)
    expect(view({ metadata: { note: 'rent' } })).toMatchObject({ metadata: { note: 'rent' } })
  })
})
