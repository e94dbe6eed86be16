import type { Fulfill } from '@kivuko/ilp'
import type { Clock } from '@kivuko/platform'
import type { Packet } from './packet.js'
import type { PacketSource } from './packet-source.js'
import { BYTES_PER_ANSWER, SourceAnswers } from './source-answers.js'

// Of one source: 2.2 MB, and what a busy one is answered in half a second. Older ones are kept by the ledger.
const MOST_PER_SOURCE = 4_096
const FIRST_CAPACITY = 16
const GROWTH = 4
// Of all sources together: 64 MB.
const MOST_ANSWERS = Math.floor(67_108_864 / BYTES_PER_ANSWER)
// A receiver's own data may be a hundred times longer than STREAM's: the ledger keeps such an answer.
const LONGEST_ANSWER_BYTES = 1_024
const FACTOR = 0x9e3779b1

/**
 * The last fulfilled packets with their answers, of each source apart, so that none pushes out another's. A source begins
 * with a few and gets more as long as there is room: without it, its own oldest make place, or nothing is remembered of it.
 */
export class AnsweredPackets {
  private readonly bySource = new Map<string, SourceAnswers>()
  private capacity = 0

  // Nobody can make packets that share a hash without knowing the seed.
  constructor(
    private readonly clock: Clock,
    private readonly seed: number,
    private readonly mostPerSource = MOST_PER_SOURCE,
    private readonly mostAnswers = MOST_ANSWERS,
  ) {}

  /** A number by which a source's key is found, for `find` and `add`. */
  hashOf({ id }: PacketSource, key: Buffer): number {
    let hash = this.seed | 0
    for (let at = 0; at < id.length; at++) hash = mixed(hash, id.charCodeAt(at))
    const words = key.length - (key.length % 4)
    for (let at = 0; at < words; at += 4) hash = mixed(hash, key.readInt32LE(at))
    for (let at = words; at < key.length; at++) hash = mixed(hash, key.readUInt8(at))
    return hash
  }

  /** The answer to a packet of this source and key, neither amount nor expiry of which is above those of `packet`. */
  find(packet: Packet, key: Buffer, hash: number): Fulfill | undefined {
    return this.bySource.get(packet.source.id)?.find(packet, key, hash)
  }

  add(packet: Packet, key: Buffer, hash: number, answer: Fulfill): void {
    if (answer.data.length > LONGEST_ANSWER_BYTES) return
    this.answersOf(packet.source.id)?.add(packet, key, hash, answer)
  }

  private answersOf(sourceId: string): SourceAnswers | undefined {
    const known = this.bySource.get(sourceId)
    if (known === undefined) return this.open(sourceId)
    if (known.capacity >= this.mostPerSource || !known.isFull(this.clock.nowMs())) return known
    const capacity = Math.min(known.capacity * GROWTH, this.mostPerSource)
    if (this.capacity + capacity - known.capacity > this.mostAnswers) return known
    return this.keep(sourceId, known.grown(capacity), known.capacity)
  }

  private open(sourceId: string): SourceAnswers | undefined {
    const first = Math.min(FIRST_CAPACITY, this.mostPerSource)
    if (this.capacity + first > this.mostAnswers) this.dropWhatIsOver()
    if (this.capacity + first > this.mostAnswers) return undefined
    return this.keep(sourceId, new SourceAnswers(first), 0)
  }

  private keep(sourceId: string, answers: SourceAnswers, before: number): SourceAnswers {
    this.capacity += answers.capacity - before
    this.bySource.set(sourceId, answers)
    return answers
  }

  /** Sources that have fallen silent leave their room to others. */
  private dropWhatIsOver(): void {
    const nowMs = this.clock.nowMs()
    for (const [sourceId, answers] of this.bySource) {
      if (!answers.isOver(nowMs)) continue
      this.bySource.delete(sourceId)
      this.capacity -= answers.capacity
    }
  }
}

function mixed(hash: number, word: number): number {
  const product = Math.imul(hash ^ word, FACTOR)
  return product ^ (product >>> 15)
}
