import { createHash } from 'node:crypto'
import { encodePrepare, encodeReply, fulfill, patchPrepare } from '@kivuko/ilp'
import { SystemClock } from '@kivuko/platform'

export const AMOUNT = 1n
export const TOKEN = 'bench-generator-token'
export const DESTINATION = 'test.stub.account'
const clock = new SystemClock()
const FULFILLMENT = Buffer.alloc(32, 'kivuko')
const CONDITION = createHash('sha256').update(FULFILLMENT).digest()
// The STREAM packet of a payment with one frame of money is about as long.
const STREAM_BYTES = 80
const LIFETIME_MS = 20_000
const EXPIRY_STEP_MS = 1_000

/** What the next hop answers to every packet. */
export const FULFILLED = fulfill(FULFILLMENT)
const FULFILL = encodeReply(FULFILLED)
const RESPONSE_HEAD = `HTTP/1.1 200 OK\r\ncontent-type: application/octet-stream\r\ncontent-length: ${FULFILL.length}\r\n\r\n`

/** The same as a stub sends it. */
export const STUB_RESPONSE = Buffer.concat([Buffer.from(RESPONSE_HEAD), FULFILL])

let lastNumber = 0n

/** Prepares that differ in their data, written into one buffer: it may be used again when the last one was answered. */
export class PrepareBytes {
  private readonly bytes = encodePrepare({
    amount: AMOUNT,
    expiresAt: new Date(clock.nowMs() + LIFETIME_MS),
    executionCondition: CONDITION,
    destination: DESTINATION,
    data: Buffer.alloc(STREAM_BYTES),
  })
  private patchedAtMs = 0

  get length(): number {
    return this.bytes.length
  }

  /** The next packet. A peer's packets share their expiry for a while, as those of a payment do. */
  next(): Buffer {
    const nowMs = clock.nowMs()
    if (nowMs - this.patchedAtMs >= EXPIRY_STEP_MS) {
      patchPrepare(this.bytes, { amount: AMOUNT, expiresAtMs: nowMs + LIFETIME_MS })
      this.patchedAtMs = nowMs
    }
    lastNumber++
    this.bytes.writeBigUInt64BE(lastNumber, this.bytes.length - STREAM_BYTES)
    return this.bytes
  }
}
