import { describe, expect, it } from 'vitest'
import {
  incomingPaymentView,
  incomingPaymentWithMethods,
  publicIncomingPaymentView,
  type ShownIncomingPayment,
} from './incoming-payment.view.js'

const place = {
  url: 'https://bank.example/438fa74a-fa7d-4317-9ced-dde32ece1787/incoming-payments/1',
  walletAddress: 'https://bank.example/bob',
  asset: { code: 'EUR', scale: 2 },
}
const payment: ShownIncomingPayment = {
  state: 'PROCESSING',
  incomingAmount: 18446744073709551615n,
  receivedAmount: 1n,
  expiresAt: new Date(Date.UTC(2030, 0, 31, 12)),
  metadata: { invoice: 7 },
  createdAt: new Date(Date.UTC(2030, 0, 1)),
}
const eur = (value: string) => ({ value, assetCode: 'EUR', assetScale: 2 })

describe('an incoming payment, told to a wallet', () => {
  it('has the members of the specification and no others', () => {
    expect(incomingPaymentView(payment, place)).toEqual({
      id: place.url,
      walletAddress: place.walletAddress,
      completed: false,
      incomingAmount: eur('18446744073709551615'),
      receivedAmount: eur('1'),
      metadata: { invoice: 7 },
      createdAt: '2030-01-01T00:00:00.000Z',
      expiresAt: '2030-01-31T12:00:00.000Z',
    })
  })

  it('leaves out what it has not: null is not in the specification', () => {
    const view = incomingPaymentView({ ...payment, incomingAmount: null, metadata: null }, place)
    expect(Object.keys(view)).toEqual(['id', 'walletAddress', 'completed', 'receivedAmount', 'createdAt', 'expiresAt'])
  })

  it('is completed when it is, not when it has expired', () => {
    expect(incomingPaymentView({ ...payment, state: 'COMPLETED' }, place).completed).toBe(true)
    expect(incomingPaymentView({ ...payment, state: 'EXPIRED' }, place).completed).toBe(false)
  })

  it('says how to pay it, the secret in base64url without padding', () => {
    const credentials = { ilpAddress: 'g.bank.local.abc', sharedSecret: Buffer.from('fbff', 'hex') }
    expect(incomingPaymentWithMethods(payment, place, credentials).methods).toEqual([
      { type: 'ilp', ilpAddress: 'g.bank.local.abc', sharedSecret: '-_8' },
    ])
  })

  it('says no way to pay it once it takes no more money', () => {
    expect(incomingPaymentWithMethods(payment, place, undefined).methods).toEqual([])
  })

  it('tells the public only what has arrived, and whom to ask for more', () => {
    expect(publicIncomingPaymentView(payment, place, 'https://auth.example')).toEqual({
      receivedAmount: eur('1'),
      authServer: 'https://auth.example',
    })
  })
})
