import { createHash } from 'node:crypto'
import { encodePrepare } from '@kivuko/ilp'
import type { Draws } from '../harness/seed.js'
import { betweenByScale } from './drawing.js'

/** When every run begins. */
export const START_MS = Date.UTC(2030, 0, 1)
const SHORTEST_LIFE_MS = 1_000
// What is slower than this is a fault.
const SHORTEST_LIFE_WITHOUT_FAULT_MS = 6_000
const LONGEST_LIFE_MS = 3_600_000
const MOST_UNITS = 1_000
const MOST_REPEATS = 3
const MOST_PAYLOAD_BYTES = 64

/** A packet, and when it is sent: the first time and again. `place` is which process it is sent to. */
export interface PlannedPacket {
  readonly number: number
  readonly sender: number
  readonly amount: bigint
  readonly bytes: Buffer
  readonly condition: Buffer
  readonly fulfillment: Buffer
  readonly expiresAtMs: number
  readonly sendings: readonly { readonly atMs: number; readonly place: number }[]
}

export interface PacketDraw {
  readonly draws: Draws
  readonly number: number
  readonly senders: number
  readonly spanMs: number
  readonly isDisturbed: boolean
  readonly destination: string
}

export function drawPacket({ draws, number, senders, spanMs, isDisturbed, destination }: PacketDraw): PlannedPacket {
  const firstAtMs = START_MS + draws.between(0, spanMs)
  const lifeMs = betweenByScale(draws, isDisturbed ? SHORTEST_LIFE_MS : SHORTEST_LIFE_WITHOUT_FAULT_MS, LONGEST_LIFE_MS)
  const expiresAtMs = firstAtMs + lifeMs
  const fulfillment = createHash('sha256').update(`fulfillment ${draws.seed}/${number}`).digest()
  const condition = createHash('sha256').update(fulfillment).digest()
  const amount = BigInt(draws.between(1, MOST_UNITS))
  const data = draws.bytes(draws.between(0, MOST_PAYLOAD_BYTES))
  const bytes = encodePrepare({
    ...{ amount, destination, data },
    expiresAt: new Date(expiresAtMs),
    executionCondition: condition,
  })
  // At once, after some seconds, or shortly before it expires.
  const repeats = Array.from(
    { length: draws.between(0, MOST_REPEATS) },
    () => firstAtMs + betweenByScale(draws, 1, lifeMs),
  )
  const sendings = [firstAtMs, ...repeats].map((atMs) => ({ atMs, place: draws.between(0, 1) }))
  return { number, sender: draws.between(0, senders - 1), amount, bytes, condition, fulfillment, expiresAtMs, sendings }
}
