import { randomInt } from 'node:crypto'
import type { LedgerTransfer } from '@kivuko/accounting'

const OWNER_BITS = 32n
const NUMBER_BITS = 48n
const OWNER_MASK = (1n << OWNER_BITS) - 1n
const OWNER_DIGITS = 8
const NUMBER_DIGITS = 12
const MAX_NUMBER = 2 ** 48

// No other handling of the same bytes has the same number: a repeated call is told from a repeated packet.
let lastNumber = randomInt(2 ** 40)

/** What the reservation of a forwarded packet says beside its amounts, as the reference of its legs (128 bits). */
export interface ChargeReference {
  /** The process that sent the packet, and alone ends its reservation while it runs. */
  readonly ownerId: number
  /** With which the packet went out: it goes out again with the same or not at all. */
  readonly deliveryExpiresAtMs: number
}

/** Put together as text: sums of bigints would take several times as long. */
export function newChargeReference({ ownerId, deliveryExpiresAtMs }: ChargeReference): bigint {
  lastNumber = (lastNumber + 1) % MAX_NUMBER
  const owner = ownerId.toString(16).padStart(OWNER_DIGITS, '0')
  return BigInt(`0x${deliveryExpiresAtMs.toString(16)}${owner}${lastNumber.toString(16).padStart(NUMBER_DIGITS, '0')}`)
}

/** Undefined for reservations of versions that recorded nothing. */
export function chargeReferenceOf({ reference }: Pick<LedgerTransfer, 'reference'>): ChargeReference | undefined {
  if (reference === undefined) return undefined
  const ownerId = Number.parseInt(((reference >> NUMBER_BITS) & OWNER_MASK).toString(), 10)
  const deliveryExpiresAtMs = Number.parseInt((reference >> (OWNER_BITS + NUMBER_BITS)).toString(), 10)
  return ownerId === 0 ? undefined : { ownerId, deliveryExpiresAtMs }
}
