import { type Fulfill, fulfill } from '@kivuko/ilp'
import type { Packet } from './packet.js'

/** The most bytes of a key. */
export const LONGEST_KEY_BYTES = 256
const FULFILLMENT_BYTES = 32
// Those of STREAM are some 60 bytes. A longer answer is kept as it is.
const LONGEST_ANSWER_BYTES = 192
// Lengths of key and data, amount, expiry.
const KEY_START = 2 + 2 + 8 + 8
const SLOT_BYTES = KEY_START + LONGEST_KEY_BYTES + FULFILLMENT_BYTES + LONGEST_ANSWER_BYTES
const NONE = -1

/** What an answer takes of memory, found places included. */
export const BYTES_PER_ANSWER = SLOT_BYTES + 12

/**
 * The last fulfilled packets of one source with their answers, the oldest overwritten first. They lie in one block of
 * memory: kept as objects they took the garbage collector a quarter of its time, which is a tenth of this process's.
 */
export class SourceAnswers {
  private readonly bytes: Buffer
  private readonly hashes: Int32Array
  private readonly longAnswers: (Fulfill | undefined)[]
  /** Slots by their hash: the first of each place, and the next one of each slot. A Map that churns is rehashed. */
  private readonly first: Int32Array
  private readonly further: Int32Array
  private next = 0
  private added = 0

  /** `capacity`: a power of two. */
  constructor(readonly capacity: number) {
    this.bytes = Buffer.alloc(capacity * SLOT_BYTES)
    this.hashes = new Int32Array(capacity)
    this.first = new Int32Array(capacity).fill(NONE)
    this.further = new Int32Array(capacity).fill(NONE)
    this.longAnswers = Array.from({ length: capacity }, () => undefined)
  }

  /** Whether the next answer takes the place of one whose packet has not expired yet. */
  isFull(nowMs: number): boolean {
    return this.added >= this.capacity && this.bytes.readDoubleLE(this.next * SLOT_BYTES + 12) > nowMs
  }

  /** Whether none of its answers is of use any more. The youngest need not be the last that expires. */
  isOver(nowMs: number): boolean {
    const kept = Math.min(this.added, this.capacity)
    for (let slot = 0; slot < kept; slot++) if (this.bytes.readDoubleLE(slot * SLOT_BYTES + 12) > nowMs) return false
    return true
  }

  /** The same answers, with room for more. */
  grown(capacity: number): SourceAnswers {
    const larger = new SourceAnswers(capacity)
    const oldest = this.added > this.capacity ? this.next : 0
    for (let count = 0; count < Math.min(this.added, this.capacity); count++) {
      const slot = (oldest + count) % this.capacity
      this.bytes.copy(larger.bytes, larger.next * SLOT_BYTES, slot * SLOT_BYTES, (slot + 1) * SLOT_BYTES)
      larger.longAnswers[larger.next] = this.longAnswers[slot]
      larger.enter(this.hashes[slot] ?? 0)
    }
    return larger
  }

  /** The answer to a packet of this key, neither amount nor expiry of which is above those of `packet`. */
  find({ prepare }: Packet, key: Buffer, hash: number): Fulfill | undefined {
    const { bytes } = this
    const slot = this.slotOf(key, hash)
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

  add({ prepare }: Packet, key: Buffer, hash: number, answer: Fulfill): void {
    const { bytes, next: slot } = this
    this.leave(slot)
    this.enter(hash)
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

  /** Puts the next slot at the place of its hash. */
  private enter(hash: number): void {
    const slot = this.next
    this.next = (slot + 1) % this.capacity
    this.added++
    this.hashes[slot] = hash
    this.further[slot] = this.first[this.placeOf(hash)] ?? NONE
    this.first[this.placeOf(hash)] = slot
  }

  /** The youngest of this key. */
  private slotOf(key: Buffer, hash: number): number {
    for (let slot = this.first[this.placeOf(hash)] ?? NONE; slot !== NONE; slot = this.further[slot] ?? NONE) {
      if (this.hashes[slot] !== hash) continue
      const start = slot * SLOT_BYTES
      const keyStart = start + KEY_START
      if (key.compare(this.bytes, keyStart, keyStart + this.bytes.readUInt16LE(start)) === 0) return slot
    }
    return NONE
  }

  /** Takes a slot that is written again off the place where it was found: as the oldest of all it is the last there. */
  private leave(slot: number): void {
    const place = this.placeOf(this.hashes[slot] ?? 0)
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

  private placeOf(hash: number): number {
    return hash & (this.capacity - 1)
  }
}
