import { hash, randomBytes } from 'node:crypto'

/** An unsigned 128-bit number, above 0 and below 2^128 − 1: the id of an account or a transfer, chosen by the caller. */
export type LedgerId = bigint

export const MAX_ID = 2n ** 128n - 2n

const TIME_BITS = 48n
const HASH_BITS = 80n
const HASH_MASK = (1n << HASH_BITS) - 1n
const TIME_MASK = (1n << TIME_BITS) - 1n
const MAX_TIME = 2 ** 48
const HASH_DIGITS = 20
const ID_BYTES = 16
const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i

type Part = string | Buffer | bigint

export function idFromUuid(uuid: string): LedgerId {
  if (!UUID.test(uuid)) throw new TypeError(`a ledger id is made from a uuid, found ${JSON.stringify(uuid)}`)
  return BigInt(`0x${uuid.replaceAll('-', '')}`)
}

export function uuidFromId(id: LedgerId): string {
  const hex = id.toString(16).padStart(32, '0')
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-${hex.slice(12, 16)}-${hex.slice(16, 20)}-${hex.slice(20)}`
}

/** The first 16 bytes of SHA-256 over the parts, each with its kind and length, so that no two lists run together. */
export function derivedId(...parts: Part[]): LedgerId {
  return BigInt(`0x${digestOf(parts)}`)
}

/**
 * A derived id that sorts by a time the parts already carry (a packet's expiry): 48 bits of milliseconds, 80 of the hash.
 * Neighbours in time are neighbours in the index, which keeps a long history as fast as an empty one.
 */
export function derivedIdAt(atMs: number, ...parts: Part[]): LedgerId {
  const hash = digestOf(parts).slice(-HASH_DIGITS)
  const ms = Math.trunc(atMs)
  // Put together as text: sums of bigints would take several times as long.
  if (ms >= 0 && ms < MAX_TIME) return BigInt(`0x${ms.toString(16)}${hash}`)
  return ((BigInt(ms) & TIME_MASK) << HASH_BITS) | BigInt(`0x${hash}`)
}

/** The first 16 bytes in hexadecimal digits. */
function digestOf(parts: readonly Part[]): string {
  let end = 0
  for (const part of parts) end = frame(part, end)
  // One hash over one buffer takes a fifth of the time of a hash object that is fed part by part.
  return hash('sha256', scratch.subarray(0, end), 'hex').slice(0, 2 * ID_BYTES)
}

// What is hashed is gathered here: an id per packet is not worth a buffer per id.
let scratch = Buffer.allocUnsafe(4_096)
// A kind, a length and a colon.
const FRAME_BYTES = 16

// Every packet names the account that it came from: to write that number anew took a tenth of the id's time.
const decimals = new Map<bigint, string>()
const MOST_DECIMALS = 10_000

function decimalOf(number: bigint): string {
  const known = decimals.get(number)
  if (known !== undefined) return known
  if (decimals.size >= MOST_DECIMALS) decimals.clear()
  const text = number.toString()
  decimals.set(number, text)
  return text
}

/** Writes one part at `start` and answers where the next one goes. */
function frame(part: Part, start: number): number {
  const octets = typeof part === 'bigint' ? decimalOf(part) : part
  const length = typeof octets === 'string' ? Buffer.byteLength(octets) : octets.length
  reserve(start, start + FRAME_BYTES + length)
  const kind = Buffer.isBuffer(part) ? 'b' : typeof part === 'bigint' ? 'n' : 's'
  const at = start + scratch.write(`${kind}${length}:`, start, 'latin1')
  if (typeof octets === 'string') scratch.write(octets, at)
  else octets.copy(scratch, at)
  return at + length
}

/** Makes room up to `end`, and keeps what stands before `start`. */
function reserve(start: number, end: number): void {
  if (end <= scratch.length) return
  const larger = Buffer.allocUnsafe(2 * end)
  scratch.copy(larger, 0, 0, start)
  scratch = larger
}

/** The id of a further leg of the same act: beside its base in the index, the same for the same base. */
export function legId(base: LedgerId, index: number): LedgerId {
  if (index === 0) return base
  return ((base >> HASH_BITS) << HASH_BITS) | (derivedId('leg', base, BigInt(index)) & HASH_MASK)
}

// Far from the indexes of a payment's legs, and of what the TigerBeetle adapter derives from an id.
const LATE_CHARGE_INDEX = 262_144
export const LATE_CHARGE_ATTEMPTS = 4

/** Under which a packet is charged when its reservation has ended before its post. A refused attempt needs another id. */
export function lateChargeId(packetId: LedgerId, attempt: number): LedgerId {
  return legId(packetId, LATE_CHARGE_INDEX + attempt)
}

export function lateChargeIds(packetId: LedgerId): LedgerId[] {
  return Array.from({ length: LATE_CHARGE_ATTEMPTS }, (_, attempt) => lateChargeId(packetId, attempt))
}

/** The milliseconds that a derived id begins with. */
export function timeOfId(id: LedgerId): number {
  return Number.parseInt((id >> HASH_BITS).toString(), 10)
}

/** Before every id that begins with this time. */
export function firstIdAt(atMs: number): LedgerId {
  return BigInt(Math.max(Math.trunc(atMs), 0)) << HASH_BITS
}

/** A new time-ordered id: 48 bits of milliseconds, 80 random bits. */
export function timeOrderedId(nowMs: number): LedgerId {
  return ((BigInt(Math.trunc(nowMs)) & TIME_MASK) << HASH_BITS) | BigInt(`0x${randomBytes(10).toString('hex')}`)
}
