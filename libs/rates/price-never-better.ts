import { assertRatio, type Ratio } from './ratio.js'

// IEEE 754 binary64: 52 stored bits of the significand, exponent bias 1023.
const FRACTION_BITS = 52
const BIAS = 1023

/**
 * The greatest double that is not above the exact rate, for code that takes prices as doubles (@interledger/pay).
 * Below the smallest normal double the answer is 0, above the greatest it is that one: never better than the rate.
 */
export function priceNeverBetter(ratio: Ratio): number {
  assertRatio(ratio)
  const exponent = floorLog2(ratio)
  if (exponent < 1 - BIAS) return 0
  if (exponent > BIAS) return Number.MAX_VALUE
  const significand = scaledFloor(ratio, FRACTION_BITS - exponent)
  const fraction = significand - (1n << BigInt(FRACTION_BITS))
  return doubleFromBits((BigInt(exponent + BIAS) << BigInt(FRACTION_BITS)) | fraction)
}

/** floor(log2(ratio)), from the lengths of the two numbers, corrected by one comparison. */
function floorLog2(ratio: Ratio): number {
  const guess = bitLength(ratio.numerator) - bitLength(ratio.denominator)
  return scaledFloor(ratio, -guess) >= 1n ? guess : guess - 1
}

/** floor(ratio × 2^bits) */
function scaledFloor({ numerator, denominator }: Ratio, bits: number): bigint {
  return bits >= 0 ? (numerator << BigInt(bits)) / denominator : numerator / (denominator << BigInt(-bits))
}

function bitLength(value: bigint): number {
  return value.toString(2).length
}

function doubleFromBits(bits: bigint): number {
  const view = new DataView(new ArrayBuffer(8))
  view.setBigUint64(0, bits)
  return view.getFloat64(0)
}
