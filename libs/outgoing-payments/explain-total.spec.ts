import { describe, expect, it } from 'vitest'
import { explainTotal, type Unexplained } from './explain-total.js'

interface Packet {
  readonly amount: bigint
}

/** Dollars to euros at 0.91, of which the quote allows 1 % less; packets of at most 4.00. */
const price = {
  guaranteedRate: { numerator: 9_009n, denominator: 10_000n },
  lowRate: { numerator: 91n, denominator: 100n },
  highRate: { numerator: 92n, denominator: 100n },
  maxPacketAmount: 400n,
}
/** One for one, as the probing of a path with packets of 4.00 shows it. */
const parity = {
  ...price,
  guaranteedRate: { numerator: 99n, denominator: 100n },
  lowRate: { numerator: 1n, denominator: 1n },
  highRate: { numerator: 401n, denominator: 400n },
}
const nothing = { sentAmount: 0n, deliveredAmount: 0n }

function explained(amounts: readonly bigint[], changes: Partial<Unexplained<Packet>>) {
  const packets = amounts.map((amount) => ({ amount }))
  const { postedAmount = changes.known?.sentAmount ?? 0n } = changes
  const all = { packets, receivedAmount: 0n, known: nothing, price: parity, ...changes, postedAmount }
  const { arrived, ...rest } = explainTotal(all)
  return { arrived: arrived.map(({ amount }) => amount), ...rest }
}

describe("what the receiver's total says of packets without an answer", () => {
  it('is that none arrived when it has not grown', () => {
    expect(explained([400n, 187n], {})).toEqual({ arrived: [], deliveredAmount: 0n, isCertain: true })
  })

  it('is that those arrived whose sum it has grown by, be they the oldest or not', () => {
    expect(explained([187n, 400n], { receivedAmount: 400n })).toMatchObject({ arrived: [400n], isCertain: true })
    expect(explained([400n, 187n], { receivedAmount: 187n })).toMatchObject({ arrived: [187n], isCertain: true })
    expect(explained([187n, 400n, 213n], { receivedAmount: 613n })).toMatchObject({ arrived: [400n, 213n] })
    expect(explained([400n, 400n, 400n], { receivedAmount: 800n })).toMatchObject({ arrived: [400n, 400n] })
  })

  it('counts from what is known to have arrived', () => {
    const known = { sentAmount: 1_600n, deliveredAmount: 1_600n }
    expect(explained([187n], { known, receivedAmount: 1_787n })).toEqual({
      arrived: [187n],
      deliveredAmount: 1_787n,
      isCertain: true,
    })
    expect(explained([187n], { known, receivedAmount: 1_600n })).toMatchObject({ arrived: [], isCertain: true })
  })

  it('counts what was posted since, by an attempt that was cut off or by a late answer', () => {
    const known = { sentAmount: 400n, deliveredAmount: 400n }
    const posted = { known, postedAmount: 800n }
    expect(explained([400n], { ...posted, receivedAmount: 800n })).toMatchObject({ arrived: [], isCertain: true })
    expect(explained([400n], { ...posted, receivedAmount: 1_200n })).toMatchObject({ arrived: [400n], isCertain: true })
  })

  it('needs what was fulfilled and is not posted yet', () => {
    const known = { sentAmount: 800n, deliveredAmount: 800n }
    // One of the two was fulfilled, and the ledger has not confirmed it.
    const fulfilled = { known, postedAmount: 400n, receivedAmount: 800n }
    expect(explained([400n, 187n], fulfilled)).toEqual({ arrived: [400n], deliveredAmount: 800n, isCertain: true })
    expect(explained([400n, 187n], { ...fulfilled, receivedAmount: 987n })).toMatchObject({ arrived: [400n, 187n] })
  })

  it('allows for roundings and for what the quote allows', () => {
    // 0.91 × 3.33 = 3.0303, rounded down.
    expect(explained([333n], { price, receivedAmount: 303n })).toMatchObject({ arrived: [333n], isCertain: true })
    // 0.9009 × 4.00 = 3.6036: the rate went down by a percent meanwhile.
    const slipped = explained([400n, 100n], { price, receivedAmount: 361n })
    expect(slipped).toEqual({ arrived: [400n], deliveredAmount: 361n, isCertain: true })
    // The last packet brings 1.87 by its rate, of which the receiver asks for 1.86.
    expect(explained([187n], { receivedAmount: 186n })).toMatchObject({ arrived: [187n], isCertain: true })
  })

  it('allows for a last packet of which the receiver asks for less, by up to one unit that is sent', () => {
    const pesos = { numerator: 185n, denominator: 10n }
    const dear = { ...parity, guaranteedRate: pesos, lowRate: pesos, highRate: pesos }
    // 0.10 brings 1.85, and 0.09 would have brought 1.66.
    expect(explained([10n], { price: dear, receivedAmount: 167n })).toMatchObject({ arrived: [10n], isCertain: true })
    expect(explained([10n], { price: dear, receivedAmount: 160n })).toMatchObject({ isCertain: false })
  })

  it('is not certain when more came than this payment has sent', () => {
    expect(explained([400n], { receivedAmount: 5_000n })).toEqual({
      arrived: [400n],
      deliveredAmount: 400n,
      isCertain: false,
    })
  })

  it('is not certain when a part of a packet came: the nearer of both ends is taken', () => {
    expect(explained([400n], { receivedAmount: 150n })).toMatchObject({ arrived: [], isCertain: false })
    expect(explained([400n], { receivedAmount: 250n })).toMatchObject({ arrived: [400n], isCertain: false })
  })

  it('is not certain when roundings are as large as a packet', () => {
    const known = { sentAmount: 0n, deliveredAmount: 0n }
    // 0.91 × 40.00 is 36.40, or up to 36.80: a packet of 0.05 may be in there.
    const unsure = explained([5n], { price, known, postedAmount: 4_000n, receivedAmount: 3_643n })
    expect(unsure).toMatchObject({ isCertain: false })
  })

  it('is told without counting every sum of a hundred different packets', () => {
    const amounts = Array.from({ length: 100 }, (_, index) => BigInt(2 ** (index % 50)) + BigInt(index))
    expect(explained(amounts, { receivedAmount: 3n }).isCertain).toBe(false)
  })
})
