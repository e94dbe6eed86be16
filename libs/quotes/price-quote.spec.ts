import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { NO_FEE, type PricedQuote, priceQuote, type QuoteFee, type WantedAmount } from './price-quote.js'

const dollarsToEuros = { guaranteedRate: { numerator: 91n, denominator: 100n } }
// 0.91 less one percent.
const overInterledger = { guaranteedRate: { numerator: 9_009n, denominator: 10_000n } }
const oneDollarAndTwoPercent = { fixed: 100n, basisPoints: 200 }

describe('a quote for a fixed debit', () => {
  it('delivers what is left after the fee, rounded down', () => {
    // Fee of 100.00: 1.00 + 2 % = 3.00. 97.00 × 0.91 = 88.27.
    expect(priceQuote({ debitAmount: 10_000n }, oneDollarAndTwoPercent, dollarsToEuros)).toEqual({
      kind: 'accepted',
      debitAmount: 10_000n,
      debitAmountMinusFees: 9_700n,
      receiveAmount: 8_827n,
    })
    // 100.00 × 0.9009 = 90.09
    expect(priceQuote({ debitAmount: 10_000n }, NO_FEE, overInterledger)).toMatchObject({ receiveAmount: 9_009n })
  })

  it('takes a fraction of a cent of fee as a whole one', () => {
    // 2 % of 0.51 is 1.02 cents: 2 cents. 1.51 − 1.00 − 0.04 (2 % of 1.51 is 3.02 cents) = 0.47.
    expect(priceQuote({ debitAmount: 151n }, oneDollarAndTwoPercent, dollarsToEuros)).toMatchObject({
      debitAmountMinusFees: 47n,
      receiveAmount: 42n,
    })
  })

  it('is refused when nothing would arrive, with the least amount that would pass', () => {
    // 2 cents deliver 1.82. With the fee: (2 + 100) ÷ 0.98 = 104.08, so 1.05.
    expect(priceQuote({ debitAmount: 104n }, oneDollarAndTwoPercent, dollarsToEuros)).toEqual({
      kind: 'refused',
      minSendAmount: 105n,
    })
    expect(priceQuote({ debitAmount: 105n }, oneDollarAndTwoPercent, dollarsToEuros)).toMatchObject({
      kind: 'accepted',
      debitAmountMinusFees: 2n,
      receiveAmount: 1n,
    })
  })

  it('names no least amount when the fee takes everything, or no packet delivers anything', () => {
    expect(priceQuote({ debitAmount: 100n }, { fixed: 0n, basisPoints: 10_000 }, dollarsToEuros)).toEqual({
      kind: 'refused',
      minSendAmount: undefined,
    })
    expect(priceQuote({ debitAmount: 100n }, NO_FEE, { ...dollarsToEuros, maxPacketAmount: 1n })).toEqual({
      kind: 'refused',
      minSendAmount: undefined,
    })
  })
})

describe('a quote for a fixed receipt', () => {
  it('debits what it needs, rounded up, and the fee on that', () => {
    // 5.00 ÷ 0.9009 = 5.550005…: the reference debits 5.56 for it, too.
    expect(priceQuote({ receiveAmount: 500n }, NO_FEE, overInterledger)).toEqual({
      kind: 'accepted',
      debitAmount: 556n,
      debitAmountMinusFees: 556n,
      receiveAmount: 500n,
    })
    // 5.00 ÷ 0.91 = 5.4945…; the fee on 5.50 is 1.00 + 0.11.
    expect(priceQuote({ receiveAmount: 500n }, oneDollarAndTwoPercent, dollarsToEuros)).toMatchObject({
      debitAmount: 661n,
      debitAmountMinusFees: 550n,
    })
  })
})

/** Pays as a sender does: packet by packet, each rounded down at the path's rate, until enough has arrived. */
function pay(
  wanted: bigint,
  { numerator, denominator }: { numerator: bigint; denominator: bigint },
  largest: bigint,
): bigint {
  let [delivered, sent] = [0n, 0n]
  while (delivered < wanted) {
    const enough = ((wanted - delivered) * denominator + numerator - 1n) / numerator
    const packet = enough < largest ? enough : largest
    sent += packet
    delivered += (packet * numerator) / denominator
  }
  return sent
}

interface Case {
  readonly wanted: WantedAmount
  readonly fee: QuoteFee
  readonly price: {
    readonly guaranteedRate: { numerator: bigint; denominator: bigint }
    readonly maxPacketAmount?: bigint
  }
  readonly marketRate: { numerator: bigint; denominator: bigint }
}

/** Prices from 10^-9 to 10^9 with up to 9 digits, scales 0 to 18, slippage up to 10 %, every fee, amounts up to 2^64. */
const cases: fc.Arbitrary<Case> = fc
  .record({
    digits: fc.bigInt({ min: 1n, max: 10n ** 9n }),
    exponent: fc.integer({ min: -9, max: 0 }),
    sourceScale: fc.integer({ min: 0, max: 18 }),
    destinationScale: fc.integer({ min: 0, max: 18 }),
    slippage: fc.bigInt({ min: 0n, max: 100n }),
    fixed: fc.oneof(fc.constant(0n), fc.bigInt({ min: 0n, max: 10n ** 6n })),
    basisPoints: fc.oneof(fc.constant(0), fc.integer({ min: 0, max: 500 }), fc.integer({ min: 0, max: 10_000 })),
    magnitude: fc.integer({ min: 0, max: 19 }),
    significand: fc.bigInt({ min: 1n, max: 10n ** 19n }),
    isDebit: fc.boolean(),
    packets: fc.option(fc.bigInt({ min: 1n, max: 40n }), { nil: undefined }),
  })
  .map((drawn) => {
    const amount = (drawn.significand % 10n ** BigInt(drawn.magnitude)) + 1n
    const numerator = drawn.digits * 10n ** BigInt(drawn.destinationScale)
    const denominator = 10n ** BigInt(drawn.sourceScale - drawn.exponent)
    const least = { numerator: numerator * (1_000n - drawn.slippage), denominator: denominator * 1_000n }
    const source = drawn.isDebit ? amount : (amount * least.denominator) / least.numerator + 1n
    const maxPacketAmount = drawn.packets && source / drawn.packets + 1n
    return {
      wanted: drawn.isDebit ? { debitAmount: amount } : { receiveAmount: amount },
      fee: { fixed: drawn.fixed, basisPoints: drawn.basisPoints },
      price: { guaranteedRate: least, maxPacketAmount },
      marketRate: { numerator, denominator },
    }
  })

function checkPromise(
  quote: Extract<PricedQuote, { kind: 'accepted' }>,
  { wanted, fee, price, marketRate }: Case,
): void {
  if ('debitAmount' in wanted) expect(quote.debitAmount).toBe(wanted.debitAmount)
  else expect(quote.receiveAmount).toBe(wanted.receiveAmount)
  expect(quote.receiveAmount).toBeGreaterThan(0n)
  const largest = price.maxPacketAmount ?? quote.debitAmount
  // At the worst rate the quote accepts, and at the market's.
  for (const rate of [price.guaranteedRate, marketRate]) {
    expect(pay(quote.receiveAmount, rate, largest)).toBeLessThanOrEqual(quote.debitAmountMinusFees)
  }
  const charged = 'debitAmount' in wanted ? quote.debitAmount : quote.debitAmountMinusFees
  const feeLeast = fee.fixed + (charged * BigInt(fee.basisPoints)) / 10_000n
  expect(quote.debitAmount - quote.debitAmountMinusFees).toBeGreaterThanOrEqual(feeLeast)
}

function checkRefusal(minSendAmount: bigint | undefined, { fee, price }: Case): void {
  if (minSendAmount === undefined) {
    const worst = price.maxPacketAmount ?? 1n
    const packetIsWorthless = worst * price.guaranteedRate.numerator < price.guaranteedRate.denominator
    expect(fee.basisPoints === 10_000 || packetIsWorthless).toBe(true)
    return
  }
  expect(priceQuote({ debitAmount: minSendAmount }, fee, price).kind).toBe('accepted')
  expect(priceQuote({ debitAmount: minSendAmount - 1n }, fee, price).kind).toBe('refused')
}

describe('any quote', () => {
  it('keeps its promise when accepted, and names the least amount that passes when refused', () => {
    let [accepted, refused] = [0, 0]
    fc.assert(
      fc.property(cases, (drawn) => {
        const quote = priceQuote(drawn.wanted, drawn.fee, drawn.price)
        if (quote.kind === 'accepted') {
          accepted += 1
          checkPromise(quote, drawn)
        } else {
          refused += 1
          checkRefusal(quote.minSendAmount, drawn)
        }
      }),
      { numRuns: 10_000 },
    )
    console.log(`quotes: ${accepted} accepted, ${refused} refused`)
    expect(accepted).toBeGreaterThan(refused)
  }, 60_000)
})
