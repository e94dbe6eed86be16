import { assert } from '@kivuko/platform'
import type { Draws } from '../harness/seed.js'

export function chance(draws: Draws, percent: number): boolean {
  return draws.between(1, 100) <= percent
}

export function pick<T>(draws: Draws, values: readonly T[]): T {
  const value = values[draws.between(0, values.length - 1)]
  assert(value !== undefined, 'there is something to pick from')
  return value
}

/** As many below the geometric middle as above it: seconds come as often as hours. */
export function betweenByScale(draws: Draws, low: number, high: number): number {
  return Math.round(low * (high / low) ** (draws.between(0, 1_000_000) / 1_000_000))
}
