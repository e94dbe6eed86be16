import { assert, type Clock, DomainError, InvariantError, type Logger, messageOf } from '@kivuko/platform'
import type { LedgerId } from '../ids.js'
import { isOver, type Outcome, overdue, refused } from '../outcome.js'
import { type Chain, idsOf, lengthOf } from './chain.js'
import { isCollision, isWeather } from './database-errors.js'

// One statement stays in the milliseconds, and its parameters far below the protocol's limits.
const MAX_BATCH_LEGS = 1_024
// A second batch is on its way while the first is executed, so that the server never waits for this process; but not a
// small one, because every batch pays for its commit and for each account it touches.
const MAX_BATCHES_UNDER_WAY = 2
const WORTH_A_SECOND_BATCH = 16
// A server that has nothing to do does not wait for a long turn of the event loop to end.
const WORTH_SENDING_NOW = 8
// Several seconds of work: beyond it a caller is told at once instead of waiting in vain.
const MAX_WAITING = 50_000
const DEADLINE_CHECK_MS = 100
const PAUSE_AFTER_FAILURE_MS = 100

interface Entry {
  readonly chain: Chain
  readonly deadlineMs: number
  readonly settle: (outcome: Outcome) => void
  settled: boolean
}

/** Applies a batch and answers for each of its chains, in order. */
export type ApplyBatch = (chains: readonly Chain[]) => Promise<Outcome[]>

/**
 * Gathers the chains of all callers while a batch is under way; the next batch takes them together, in one statement and
 * one commit. A batch whose answer is lost is sent again, which its ids make harmless; a caller whose deadline passes is
 * told `unknown`, and what was not sent by then never is.
 */
export class GroupCommit {
  private waiting: Entry[] = []
  /** The batches under way: two at most. */
  private sent: (readonly Entry[])[] = []
  private scheduled = false
  private pausedUntilMs = 0
  private watch: NodeJS.Timeout | undefined
  private idle: (() => void)[] = []

  constructor(
    private readonly apply: ApplyBatch,
    private readonly timeoutMs: number,
    private readonly clock: Clock,
    private readonly log: Logger,
  ) {}

  /** `untilMs`: how long the caller waits, where that is less than the ledger's own time. */
  submit(chain: Chain, untilMs = Number.POSITIVE_INFINITY): Promise<Outcome> {
    if (lengthOf(chain) === 0) return Promise.resolve(refused(0, 'invalid-chain'))
    if (isOver(untilMs, this.clock)) return Promise.resolve(overdue)
    if (this.waiting.length >= MAX_WAITING) {
      const message = `${MAX_WAITING} transfers wait for the ledger already; try again later.`
      return Promise.reject(new DomainError('unavailable', 'LedgerBusy', message))
    }
    return new Promise((settle) => {
      this.waiting.push({
        chain,
        deadlineMs: Math.min(this.clock.nowMs() + this.timeoutMs, untilMs),
        settle,
        settled: false,
      })
      this.watch ??= setInterval(() => this.settleOverdue(), DEADLINE_CHECK_MS)
      this.schedule()
    })
  }

  /** Resolves once every chain has its answer. */
  async drain(): Promise<void> {
    if (this.waiting.length + this.sent.length > 0) await new Promise<void>((resolve) => this.idle.push(resolve))
  }

  /** The end of the event loop's turn, as a rule: callers answered together ask again together. */
  private schedule(): void {
    if (this.sent.length === 0 && this.waiting.length >= WORTH_SENDING_NOW && !this.isPaused()) {
      void this.send(this.takeBatch())
      return
    }
    if (this.scheduled || !this.maySend()) return
    this.scheduled = true
    const send = () => {
      this.scheduled = false
      if (this.maySend()) void this.send(this.takeBatch())
    }
    const pauseMs = this.pausedUntilMs - this.clock.nowMs()
    if (pauseMs > 0) setTimeout(send, pauseMs)
    else setImmediate(send)
  }

  private isPaused(): boolean {
    return this.pausedUntilMs > this.clock.nowMs()
  }

  private maySend(): boolean {
    if (this.sent.length === 0) return this.waiting.length > 0
    return this.sent.length < MAX_BATCHES_UNDER_WAY && this.waiting.length >= WORTH_A_SECOND_BATCH
  }

  /** As many chains as fit, in order; one that names an id the batch already has waits for the next. */
  private takeBatch(): Entry[] {
    const batch: Entry[] = []
    const held: Entry[] = []
    const ids = new Set<LedgerId>()
    let legs = 0
    let taken = 0
    for (const entry of this.waiting) {
      legs += lengthOf(entry.chain)
      if (legs > MAX_BATCH_LEGS && taken > 0) break
      taken += 1
      const own = idsOf(entry.chain)
      if (own.some((id) => ids.has(id))) {
        held.push(entry)
        continue
      }
      for (const id of own) ids.add(id)
      batch.push(entry)
    }
    this.waiting = [...held, ...this.waiting.slice(taken)]
    return batch
  }

  private async send(batch: Entry[]): Promise<void> {
    this.sent.push(batch)
    try {
      const outcomes = await this.apply(batch.map(({ chain }) => chain))
      assert(outcomes.length === batch.length, `each of ${batch.length} chains is answered, found ${outcomes.length}`)
      this.ended(batch)
      this.sendNext(batch.length)
      for (const [index, entry] of batch.entries()) this.settle(entry, answerIn(outcomes, index))
    } catch (error) {
      this.ended(batch)
      this.failed(batch, error)
    }
    this.schedule()
    this.rest()
  }

  private ended(batch: readonly Entry[]): void {
    this.sent = this.sent.filter((other) => other !== batch)
  }

  /**
   * What has gathered goes out before this process turns to the answers, which take it about as long as a batch takes the
   * server: else each waits for the other. A few chains wait for what the callers ask next.
   */
  private sendNext(answered: number): void {
    if (2 * this.waiting.length >= answered && this.maySend()) void this.send(this.takeBatch())
  }

  /** After a bug the batch may have been applied or not: callers are answered `unknown` and ask again with the same ids. */
  private failed(batch: Entry[], error: unknown): void {
    const isBug = error instanceof InvariantError
    if (!isBug && (isCollision(error) || isWeather(error))) {
      if (isWeather(error)) this.pausedUntilMs = this.clock.nowMs() + PAUSE_AFTER_FAILURE_MS
      this.waiting = [...batch.filter(({ settled }) => !settled), ...this.waiting]
      return
    }
    this.log.error({ err: error }, 'The ledger could not apply a batch; its transfers are answered as unknown.')
    const cause = isBug ? 'an error of this node, which its log names' : messageOf(error)
    for (const entry of batch) this.settle(entry, unknown(cause))
  }

  private settle(entry: Entry, outcome: Outcome): void {
    if (entry.settled) return
    entry.settled = true
    entry.settle(outcome)
  }

  private settleOverdue(): void {
    const nowMs = this.clock.nowMs()
    const overdue = [...this.sent.flat(), ...this.waiting].filter(({ deadlineMs }) => deadlineMs <= nowMs)
    if (overdue.length === 0) return
    for (const entry of overdue) this.settle(entry, unknown('no answer in time'))
    this.waiting = this.waiting.filter(({ settled }) => !settled)
    this.rest()
  }

  private rest(): void {
    if (this.waiting.length + this.sent.length > 0) return
    clearInterval(this.watch)
    this.watch = undefined
    for (const resolve of this.idle.splice(0)) resolve()
  }
}

function answerIn(outcomes: readonly Outcome[], index: number): Outcome {
  const outcome = outcomes[index]
  assert(outcome !== undefined, 'an answer is not left out')
  return outcome
}

function unknown(cause: string): Outcome {
  const message = `The ledger's answer is not known (${cause}). Send the same ids again, or look them up.`
  return { kind: 'unknown', message }
}
