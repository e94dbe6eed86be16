import { type Fulfill, fulfill } from '@kivuko/ilp'
import type { Packet } from './packet.js'
import type { PacketSource } from './packet-source.js'

/** The most bytes of a key. */
export const LONGEST_KEY_BYTES = 256
const FULFILLMENT_BYTES = 32
// Those of STREAM are some 60 bytes. A longer answer is kept as it is.
const LONGEST_ANSWER_BYTES = 192
// Lengths of key and data, amount, expiry.
const KEY_START = 2 + 2 + 8 + 8
const SLOT_BYTES = KEY_START + LONGEST_KEY_BYTES + FULFILLMENT_BYTES + LONGEST_ANSWER_BYTES
const FACTOR = 0x9e3779b1
const PLACES = 2 ** 14
const NONE = -1

/**
 * The last fulfilled packets with their answers, the oldest overwritten first. They lie in one block of memory: kept as
 * objects they took the garbage collector a quarter of its time, which is a tenth of this process's.
 */
export class AnsweredPackets {
  private readonly bytes: Buffer
  private readonly hashes: Int32Array
  private readonly sources: (PacketSource | undefined)[]
  private readonly longAnswers: (Fulfill | undefined)[]
  /** Slots by their hash: the first of each place, and the next one of each slot. A Map would be made anew as it is churned. */
  private readonly first: Int32Array
  private readonly further: Int32Array
  // Nobody can make packets that share a hash without knowing it.
  private readonly seed: number
  private next = 0

  constructor(
    private readonly capacity: number,
    seed: number,
  ) {
    this.seed = seed | 0
    this.bytes = Buffer.alloc(capacity * SLOT_BYTES)
    this.hashes = new Int32Array(capacity)
    this.first = new Int32Array(PLACES).fill(NONE)
    this.further = new Int32Array(capacity).fill(NONE)
    this.sources = Array.from({ length: capacity }, () => undefined)
    this.longAnswers = Array.from({ length: capacity }, () => undefined)
  }

  /** A number by which a source's key is found, for `find` and `add`. */
  hashOf({ id }: PacketSource, key: Buffer): number {
    let hash = this.seed
    for (let at = 0; at < id.length; at++) hash = mixed(hash, id.charCodeAt(at))
    const words = key.length - (key.length % 4)
    for (let at = 0; at < words; at += 4) hash = mixed(hash, key.readInt32LE(at))
    for (let at = words; at < key.length; at++) hash = mixed(hash, key.readUInt8(at))
    return hash
  }

  /** The answer to a packet of this source and key, neither amount nor expiry of which is above those of `packet`. */
  find({ source, prepare }: Packet, key: Buffer, hash: number): Fulfill | undefined {
    const { bytes } = this
    const slot = this.slotOf(source, key, hash)
    if (slot === NONE) return undefined
    const start = slot * SLOT_BYTES
    const keyEnd = start + KEY_START + bytes.readUInt16LE(start)
    if (prepare.amount > bytes.readBigUInt64LE(start + 4)) return undefined
    if (prepare.expiresAt.getTime() > bytes.readDoubleLE(start + 12)) return undefined
    const dataStart = keyEnd + FULFILLMENT_BYTES
    const data = bytes.subarray(dataStart, dataStart + bytes.readUInt16LE(start + 2))
    // Copies: the slot is written again.
    return this.longAnswers[slot] ?? fulfill(Buffer.from(bytes.subarray(keyEnd, dataStart)), Buffer.from(data))
  }

  add({ source, prepare }: Packet, key: Buffer, hash: number, answer: Fulfill): void {
    const { bytes, next: slot } = this
    this.next = (slot + 1) % this.capacity
    this.leave(slot)
    this.hashes[slot] = hash
    this.further[slot] = this.first[placeOf(hash)] ?? NONE
    this.first[placeOf(hash)] = slot
    this.sources[slot] = source
    const isLong = answer.data.length > LONGEST_ANSWER_BYTES
    this.longAnswers[slot] = isLong ? answer : undefined
    const start = slot * SLOT_BYTES
    bytes.writeUInt16LE(key.length, start)
    bytes.writeUInt16LE(isLong ? 0 : answer.data.length, start + 2)
    bytes.writeBigUInt64LE(prepare.amount, start + 4)
    bytes.writeDoubleLE(prepare.expiresAt.getTime(), start + 12)
    const keyEnd = start + KEY_START + key.copy(bytes, start + KEY_START)
    answer.fulfillment.copy(bytes, keyEnd)
    if (!isLong) answer.data.copy(bytes, keyEnd + FULFILLMENT_BYTES)
  }

  /** The youngest of this source and key. */
  private slotOf(source: PacketSource, key: Buffer, hash: number): number {
    for (let slot = this.first[placeOf(hash)] ?? NONE; slot !== NONE; slot = this.further[slot] ?? NONE) {
      if (this.hashes[slot] !== hash || this.sources[slot]?.id !== source.id) continue
      const start = slot * SLOT_BYTES
      const keyStart = start + KEY_START
      if (key.compare(this.bytes, keyStart, keyStart + this.bytes.readUInt16LE(start)) === 0) return slot
    }
    return NONE
  }

  /** Takes a slot that is written again off the place where it was found: as the oldest of all it is the last there. */
  private leave(slot: number): void {
    const place = placeOf(this.hashes[slot] ?? 0)
    let before = NONE
    let at = this.first[place] ?? NONE
    while (at !== NONE && at !== slot) {
      before = at
      at = this.further[at] ?? NONE
    }
    if (at === NONE) return
    if (before === NONE) this.first[place] = NONE
    else this.further[before] = NONE
  }
}

function placeOf(hash: number): number {
  return hash & (PLACES - 1)
}

function mixed(hash: number, word: number): number {
  const product = Math.imul(hash ^ word, FACTOR)
  return product ^ (product >>> 15)
}
