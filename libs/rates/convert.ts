import { assert } from '@kivuko/platform'
import { assertRatio, type Ratio } from './ratio.js'

const MAX_SCALE = 255

/** From a price in whole units (1 source = price destination) to the ratio between the two assets' minor units. */
export function minorUnitRatio(price: Ratio, sourceScale: number, destinationScale: number): Ratio {
  assertRatio(price)
  assertScale(sourceScale)
  assertScale(destinationScale)
  return {
    numerator: price.numerator * 10n ** BigInt(destinationScale),
    denominator: price.denominator * 10n ** BigInt(sourceScale),
  }
}

/** What `amount` is worth, rounded down: for what we promise to hand out. */
export function convertFloor(amount: bigint, ratio: Ratio): bigint {
  assertAmount(amount)
  assertRatio(ratio)
  return (amount * ratio.numerator) / ratio.denominator
}

/** What `amount` is worth, rounded up: for what we ask in return. */
export function convertCeil(amount: bigint, ratio: Ratio): bigint {
  assertAmount(amount)
  assertRatio(ratio)
  return (amount * ratio.numerator + ratio.denominator - 1n) / ratio.denominator
}

function assertAmount(amount: bigint): void {
  assert(amount >= 0n, 'a converted amount is not negative')
}

function assertScale(scale: number): void {
  assert(Number.isInteger(scale) && scale >= 0 && scale <= MAX_SCALE, 'an asset scale is an integer from 0 to 255')
}
