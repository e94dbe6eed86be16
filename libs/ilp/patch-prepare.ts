import { AMOUNT_BYTES, MAX_AMOUNT, TIMESTAMP_BYTES } from './limits.js'
import { PacketError } from './packet-error.js'
import { writeTimestamp } from './timestamp.js'

/**
 * Overwrites what a hop may change, amount and expiry, in the bytes of a decoded prepare, and returns the packet
 * without trailing bytes. Both have a fixed length: nothing is encoded again. The caller must own `bytes`.
 */
export function patchPrepare(
  bytes: Buffer,
  { amount, expiresAtMs }: { readonly amount: bigint; readonly expiresAtMs: number },
): Buffer {
  if (amount < 0n || amount > MAX_AMOUNT) {
    throw new PacketError('invalid-amount', `the amount ${amount} cannot be carried: expected 0 to ${MAX_AMOUNT}`)
  }
  const start = contentsStart(bytes)
  writeTimestamp(bytes, start + AMOUNT_BYTES, expiresAtMs)
  bytes.writeBigUInt64BE(amount, start)
  return withoutTrailingBytes(bytes)
}

/** What no hop may change: condition, destination and data (a view). */
export function immutablePart(bytes: Buffer): Buffer {
  return bytes.subarray(contentsStart(bytes) + AMOUNT_BYTES + TIMESTAMP_BYTES, packetEnd(bytes))
}

/** The packet itself (a view): the RFC lets senders append bytes, which receivers ignore. */
export function withoutTrailingBytes(bytes: Buffer): Buffer {
  const end = packetEnd(bytes)
  return end === bytes.length ? bytes : bytes.subarray(0, end)
}

function contentsStart(bytes: Buffer): number {
  const first = bytes.readUInt8(1)
  return first < 0x80 ? 2 : 2 + (first & 0x7f)
}

function packetEnd(bytes: Buffer): number {
  const first = bytes.readUInt8(1)
  if (first < 0x80) return 2 + first
  const width = first & 0x7f
  return 2 + width + bytes.readUIntBE(2, width)
}
