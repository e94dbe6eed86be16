import { createHash } from 'node:crypto'
import { inject } from 'vitest'

/** The run's seed, printed by the global setup; `npx vitest run --sequence.seed=<seed>` repeats the run. */
export function runSeed(): number {
  return inject('seed')
}

/** Repeatable draws: the same seed and label give the same sequence. */
export class Draws {
  private count = 0

  constructor(
    readonly label: string,
    readonly seed: number = runSeed(),
  ) {}

  bytes(length: number): Buffer {
    const blocks = Array.from({ length: Math.ceil(length / 32) }, () => this.block())
    return Buffer.concat(blocks).subarray(0, length)
  }

  /** At least `low`, at most `high`. */
  between(low: number, high: number): number {
    return low + (this.block().readUInt32BE(0) % (high - low + 1))
  }

  /** A version 4 uuid. */
  uuid(): string {
    const bytes = this.bytes(16)
    bytes[6] = (bytes.readUInt8(6) & 0x0f) | 0x40
    bytes[8] = (bytes.readUInt8(8) & 0x3f) | 0x80
    const hex = bytes.toString('hex')
    return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-${hex.slice(12, 16)}-${hex.slice(16, 20)}-${hex.slice(20)}`
  }

  private block(): Buffer {
    this.count += 1
    return createHash('sha256').update(`${this.seed}/${this.label}/${this.count}`).digest()
  }
}
