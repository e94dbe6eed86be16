import { describe, expect, it } from 'vitest'
import { derivedIdAt, LATE_CHARGE_ATTEMPTS, lateChargeId, lateChargeIds, legId } from './ids.js'
import { END_ATTEMPTS, endId } from './tigerbeetle/transfers.js'

describe('the ids of late charges', () => {
  it('are the same each time, and unlike those of the packet, its legs and the ends of its reservation', () => {
    const packet = derivedIdAt(5_000, 'packet')
    const late = lateChargeIds(packet)
    expect(late).toEqual([0, 1, 2, 3].map((attempt) => lateChargeId(packet, attempt)))
    expect(late).toHaveLength(LATE_CHARGE_ATTEMPTS)
    expect(lateChargeIds(packet)).toEqual(late)
    // A chain has up to 64 legs, and a late charge legs of its own.
    const legs = Array.from({ length: 64 }, (_, index) => legId(packet, index))
    const lateLegs = late.flatMap((id) => [legId(id, 1), legId(id, 2)])
    const ends = Array.from({ length: END_ATTEMPTS }, (_, attempt) => [
      endId(packet, 'post', attempt),
      endId(packet, 'void', attempt),
    ]).flat()
    const all = [...late, ...legs, ...lateLegs, ...ends]
    expect(new Set(all).size).toBe(all.length)
  })
})
