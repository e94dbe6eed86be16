import { PacketError } from './packet-error.js'

const DIGITS = /^\d{17}$/
// JavaScript reads the years 0 to 99 as 1900 to 1999: nothing before the year 100 can be told apart.
const EARLIEST_MS = Date.UTC(100, 0, 1)
const LATEST_MS = Date.UTC(10_000, 0, 1) - 1

/** Writes `YYYYMMDDHHmmSSfff` in UTC, always 17 digits, at `offset`. */
export function writeTimestamp(bytes: Buffer, offset: number, timeMs: number): void {
  if (!(timeMs >= EARLIEST_MS && timeMs <= LATEST_MS)) {
    throw new PacketError(
      'invalid-timestamp',
      `the expiry ${timeMs} ms cannot be written: expected a year from 100 to 9999`,
    )
  }
  const at = new Date(timeMs)
  writeDigits(bytes, offset, 4, at.getUTCFullYear())
  writeDigits(bytes, offset + 4, 2, at.getUTCMonth() + 1)
  writeDigits(bytes, offset + 6, 2, at.getUTCDate())
  writeDigits(bytes, offset + 8, 2, at.getUTCHours())
  writeDigits(bytes, offset + 10, 2, at.getUTCMinutes())
  writeDigits(bytes, offset + 12, 2, at.getUTCSeconds())
  writeDigits(bytes, offset + 14, 3, at.getUTCMilliseconds())
}

/** Reads a timestamp of RFC 30; a month 13, hour 24, second 60 or 30th of February is refused, not rolled over. */
export function parseTimestamp(octets: Buffer): Date {
  const text = octets.toString('latin1')
  if (!DIGITS.test(text)) throw invalidTimestamp(text)
  const year = digits(octets, 0, 4)
  const month = digits(octets, 4, 2)
  const day = digits(octets, 6, 2)
  const hour = digits(octets, 8, 2)
  const minute = digits(octets, 10, 2)
  const second = digits(octets, 12, 2)
  const at = new Date(Date.UTC(year, month - 1, day, hour, minute, second, digits(octets, 14, 3)))
  const isExact =
    at.getUTCFullYear() === year &&
    at.getUTCMonth() === month - 1 &&
    at.getUTCDate() === day &&
    at.getUTCHours() === hour &&
    at.getUTCMinutes() === minute &&
    at.getUTCSeconds() === second
  if (!isExact) throw invalidTimestamp(text)
  return at
}

const ZERO = 0x30

function digits(octets: Buffer, offset: number, count: number): number {
  let value = 0
  for (let i = offset; i < offset + count; i++) value = value * 10 + (octets[i] ?? ZERO) - ZERO
  return value
}

function writeDigits(bytes: Buffer, offset: number, count: number, value: number): void {
  let rest = value
  for (let i = offset + count - 1; i >= offset; i--) {
    bytes[i] = ZERO + (rest % 10)
    rest = Math.floor(rest / 10)
  }
}

function invalidTimestamp(text: string): PacketError {
  return new PacketError('invalid-timestamp', `the expiry "${text}" is no moment in UTC: expected YYYYMMDDHHmmSSfff`)
}
