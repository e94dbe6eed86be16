import type { Receiver } from '@kivuko/payment-methods'
import type { Quote } from '@kivuko/quotes'
import { describe, expect, it } from 'vitest'
import { type AttemptPlan, type Progress, planAttempt } from './plan-attempt.js'

const nowMs = Date.UTC(2026, 0, 1)

/** 100.00 USD with a fee of 1.00, at 0.91 less one percent: 0.9009 × 99.00 = 89.18. */
const quote: Quote = {
  id: '9fa1c2de-6b4b-4e0c-8b0f-3d7b6f6f0a11',
  tenantId: '438fa74a-fa7d-4317-9ced-dde32ece1787',
  walletAddressId: 'a3c1c2de-6b4b-4e0c-8b0f-3d7b6f6f0a11',
  assetId: '0b1f4e0a-1d5f-4c3b-9a6e-5a1f0c7b8d90',
  receiver: 'https://bank.example/incoming-payments/1',
  debitAmount: 10_000n,
  debitAmountMinusFees: 9_900n,
  receiveAmount: 8_918n,
  receiveAssetCode: 'EUR',
  receiveAssetScale: 2,
  feeId: null,
  method: 'ilp',
  guaranteedRateNumerator: 9_009n,
  guaranteedRateDenominator: 10_000n,
  lowRateNumerator: 91n,
  lowRateDenominator: 100n,
  highRateNumerator: 92n,
  highRateDenominator: 100n,
  maxPacketAmount: null,
  client: null,
  expiresAt: new Date(nowMs + 60_000),
  createdAt: new Date(nowMs),
}
const untouched: Progress = {
  sentAmount: 0n,
  pendingAmount: 0n,
  recordedSentAmount: 0n,
  recordedDeliveredAmount: 0n,
  isEndUnknown: false,
}
const receiver: Receiver = {
  incomingPaymentUrl: quote.receiver,
  walletAddressUrl: 'https://bank.example/alice',
  asset: { code: 'EUR', scale: 2 },
  receivedAmount: 0n,
  completed: false,
}

function plan(
  progress: Partial<Progress> = {},
  seen: Partial<Receiver> = {},
  changes: Partial<Quote> = {},
): AttemptPlan {
  return planAttempt({ ...quote, ...changes }, { ...untouched, ...progress }, { ...receiver, ...seen }, nowMs)
}

describe('an attempt', () => {
  it('delivers what was promised, and never spends the fee', () => {
    expect(plan()).toEqual({ kind: 'pay', deliveredBefore: 0n, sourceAmount: 9_900n, deliverAmount: 8_918n })
  })

  it('delivers only what earlier attempts have left', () => {
    const progress = { sentAmount: 5_000n, recordedSentAmount: 5_000n, recordedDeliveredAmount: 4_550n }
    expect(plan(progress)).toMatchObject({ kind: 'pay', deliveredBefore: 4_550n, deliverAmount: 4_368n })
  })

  it('counts what left before a crash by the least it has delivered', () => {
    // 1,000 at 0.9009 is 900.9.
    expect(plan({ sentAmount: 1_000n })).toMatchObject({ kind: 'pay', deliveredBefore: 900n, deliverAmount: 8_018n })
  })

  it('delivers no more than the receiver still asks for', () => {
    expect(plan({}, { incomingAmount: 9_000n, receivedAmount: 8_000n })).toMatchObject({ deliverAmount: 1_000n })
    expect(plan({}, { incomingAmount: 99_000n, receivedAmount: 0n })).toMatchObject({ deliverAmount: 8_918n })
  })

  it('sends less within the node, too, when the receiver asks for less', () => {
    const local = { method: 'local', guaranteedRateNumerator: 91n, guaranteedRateDenominator: 100n } as const
    // 10.00 EUR ÷ 0.91 = 10.989… USD.
    expect(plan({}, { incomingAmount: 1_000n }, local)).toMatchObject({ sourceAmount: 1_099n, deliverAmount: 1_000n })
  })
})

describe('a payment is completed without another attempt', () => {
  it('when all has arrived', () => {
    expect(plan({ recordedDeliveredAmount: 8_918n })).toEqual({ kind: 'completed', deliveredBefore: 8_918n })
  })

  it('when the receiver is completed, and what left before a crash may have paid for it', () => {
    // 9,800 at 0.92 is 9,016.
    expect(plan({ sentAmount: 9_800n }, { completed: true })).toEqual({ kind: 'completed', deliveredBefore: 8_918n })
  })
})

describe('a payment fails without another attempt', () => {
  it('when its quote has expired', () => {
    expect(plan({}, {}, { expiresAt: new Date(nowMs) })).toMatchObject({ kind: 'failed', reason: 'QuoteExpired' })
  })

  it('but not while the end of the last attempt is unknown', () => {
    expect(plan({ isEndUnknown: true }, {}, { expiresAt: new Date(nowMs) }).kind).toBe('pay')
  })

  it('when others have paid the receiver, or it closed early', () => {
    expect(plan({}, { completed: true })).toMatchObject({ kind: 'failed', reason: 'ReceiverCompleted' })
    expect(plan({}, { incomingAmount: 50n, receivedAmount: 50n })).toMatchObject({ reason: 'ReceiverCompleted' })
    expect(plan({}, { expiresAt: new Date(nowMs) })).toMatchObject({ reason: 'ReceiverExpired' })
  })

  it('when the receiver has changed its asset', () => {
    expect(plan({}, { asset: { code: 'EUR', scale: 4 } })).toMatchObject({ reason: 'DestinationAssetConflict' })
  })

  it('when all has left, be it reserved, and too little arrived', () => {
    const progress = {
      recordedSentAmount: 9_000n,
      sentAmount: 9_000n,
      pendingAmount: 900n,
      recordedDeliveredAmount: 8_000n,
    }
    expect(plan(progress)).toMatchObject({
      kind: 'failed',
      reason: 'InsufficientExchangeRate',
      deliveredBefore: 8_000n,
    })
  })
})

describe('a local payment that has left', () => {
  it('has arrived as well: only the receiver has to be told', () => {
    const local = { method: 'local', guaranteedRateNumerator: 91n, guaranteedRateDenominator: 100n } as const
    const changes = { ...local, receiveAmount: 9_009n, expiresAt: new Date(nowMs) }
    expect(plan({ sentAmount: 9_900n }, { completed: true }, changes)).toEqual({
      kind: 'pay',
      deliveredBefore: 0n,
      sourceAmount: 9_900n,
      deliverAmount: 9_009n,
    })
  })
})
