import { type Clock, type Logger, messageOf } from '@kivuko/platform'
import { firstIdAt } from '../ids.js'
import type { BatchConnection } from './batch-connection.js'
import { uuidArray } from './binary-array.js'

// Checks and balances are exact without it; this bounds what they have to look through and tidies up.
const EVERY_MS = 5_000
// Under load sooner: a search then never passes more than a few thousand reservations.
// A busy node has some hundred thousand of them by then, an idle one is left in peace.
const DROP_ANSWERS_EVERY_MS = 30_000
const AFTER_RESERVATIONS = 2_000

/** Releases reservations past their timeout in the background, those of processes that are gone too, and drops answers whose time is over. */
export class ReleaseExpired {
  private timer: NodeJS.Timeout | undefined
  private running: Promise<void> | undefined
  private reserved = 0
  private droppedAtMs = 0

  constructor(
    private readonly connection: BatchConnection,
    private readonly clock: Clock,
    private readonly log: Logger,
  ) {}

  start(): void {
    this.timer = setInterval(() => this.trigger(), EVERY_MS)
    this.timer.unref()
  }

  /** Counts reservations made; enough of them are a reason to look. */
  noteReserved(count: number): void {
    this.reserved += count
    if (this.reserved >= AFTER_RESERVATIONS) this.trigger()
  }

  async stop(): Promise<void> {
    clearInterval(this.timer)
    await this.running
  }

  private trigger(): void {
    this.reserved = 0
    this.running ??= this.release().finally(() => {
      this.running = undefined
    })
  }

  private async release(): Promise<void> {
    try {
      const [fence] = await this.connection.query<[string]>({
        name: 'ledger-fence',
        text: 'select ledger_fence()::text',
        values: [],
      })
      await this.connection.query({
        name: 'ledger-release',
        text: 'select ledger_release_until($1::timestamptz)',
        values: fence ?? [],
      })
      await this.dropAnswers()
    } catch (error) {
      this.log.warn(`Reservations past their timeout could not be released: ${messageOf(error)}. Tried again shortly.`)
    }
  }

  /** They are read by their time, so that nobody waits for this. */
  private async dropAnswers(): Promise<void> {
    const nowMs = this.clock.nowMs()
    if (nowMs - this.droppedAtMs < DROP_ANSWERS_EVERY_MS) return
    this.droppedAtMs = nowMs
    await this.connection.query({
      name: 'ledger-drop-answers',
      text: 'select ledger_drop_answers(($1::uuid[])[1])',
      values: [uuidArray([firstIdAt(nowMs)])],
    })
  }
}
