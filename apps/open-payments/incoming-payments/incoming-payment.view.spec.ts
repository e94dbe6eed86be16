import type { IncomingPayment } from '@kivuko/incoming-payments'
import { describe, expect, it } from 'vitest'
import { incomingPaymentView, incomingPaymentWithMethods, publicIncomingPaymentView } from './incoming-payment.view.js'

const ID = '5adca85f-a730-478e-89c4-fac1425da55b'
const TENANT = '438fa74a-fa7d-4317-9ced-dde32ece1787'
const WALLET = 'https://bank.example/bob'

const payment: IncomingPayment = {
  id: ID,
  tenantId: TENANT,
  walletAddressId: ID,
  assetId: ID,
  state: 'PROCESSING',
  incomingAmount: 18446744073709551615n,
  receivedAmount: 1n,
  expiresAt: new Date(Date.UTC(2030, 0, 31, 12)),
  metadata: { invoice: 7 },
  client: 'https://shop.example/',
  initiatedBy: 'OPEN_PAYMENTS',
  dueAt: null,
  finalEventId: null,
  completedAt: null,
  createdAt: new Date(Date.UTC(2030, 0, 1)),
  updatedAt: new Date(Date.UTC(2030, 0, 2)),
}
const asset = {
  id: ID,
  tenantId: TENANT,
  code: 'EUR',
  scale: 2,
  ledger: 1,
  withdrawalThreshold: null,
  liquidityThreshold: null,
  createdAt: new Date(0),
}
const open = {
  assetOf: () => asset,
  url: () => `https://bank.example/${TENANT}/incoming-payments/${ID}`,
  credentials: () => ({ ilpAddress: 'g.bank.local.abc', sharedSecret: Buffer.from('fbff', 'hex') }),
}
const eur = (value: string) => ({ value, assetCode: 'EUR', assetScale: 2 })

describe('an incoming payment, told to a wallet', () => {
  it('has the members of the specification and no others', () => {
    expect(incomingPaymentView(payment, WALLET, open)).toEqual({
      id: `https://bank.example/${TENANT}/incoming-payments/${ID}`,
      walletAddress: WALLET,
      completed: false,
      incomingAmount: eur('18446744073709551615'),
      receivedAmount: eur('1'),
      metadata: { invoice: 7 },
      createdAt: '2030-01-01T00:00:00.000Z',
      expiresAt: '2030-01-31T12:00:00.000Z',
    })
  })

  it('leaves out what it has not: null is not in the specification', () => {
    const view = incomingPaymentView({ ...payment, incomingAmount: null, metadata: null }, WALLET, open)
    expect(Object.keys(view)).toEqual(['id', 'walletAddress', 'completed', 'receivedAmount', 'createdAt', 'expiresAt'])
  })

  it('is completed when it is, not when it has expired', () => {
    expect(incomingPaymentView({ ...payment, state: 'COMPLETED' }, WALLET, open).completed).toBe(true)
    expect(incomingPaymentView({ ...payment, state: 'EXPIRED' }, WALLET, open).completed).toBe(false)
  })

  it('says how to pay it, the secret in base64url without padding', () => {
    expect(incomingPaymentWithMethods(payment, WALLET, open).methods).toEqual([
      { type: 'ilp', ilpAddress: 'g.bank.local.abc', sharedSecret: '-_8' },
    ])
  })

  it('says no way to pay it once it takes no more money', () => {
    expect(incomingPaymentWithMethods(payment, WALLET, { ...open, credentials: () => undefined }).methods).toEqual([])
  })

  it('tells the public only what has arrived, and whom to ask for more', () => {
    expect(publicIncomingPaymentView(payment, 'https://auth.example', open)).toEqual({
      receivedAmount: eur('1'),
      authServer: 'https://auth.example',
    })
  })
})
