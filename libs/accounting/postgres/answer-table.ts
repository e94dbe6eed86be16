import { type Clock, DomainError, type Logger, messageOf } from '@kivuko/platform'
import pg from 'pg'
import { firstIdAt, type LedgerId } from '../ids.js'
import { byteaArray, uuidArray } from './binary-array.js'
import { readKeptAnswer } from './ledger.queries.js'

// A cluster posts more in a second than anybody will ask for again: beyond this, answers are not kept.
const MAX_WAITING = 50_000
const ROWS_PER_STATEMENT = 1_000
const DROP_EVERY_MS = 5_000

interface Kept {
  readonly id: LedgerId
  readonly answer: Buffer
}

export interface AnswerTableOptions {
  readonly url: string
  readonly clock: Clock
  readonly log: Logger
  readonly timeoutMs: number
}

/** Answers of a ledger that keeps none itself: in Postgres, beside the posts and not with them, many in one statement. */
export class AnswerTable {
  private readonly pool: pg.Pool
  private readonly dropping: NodeJS.Timeout
  private waiting: Kept[] = []
  private writing: Promise<void> | undefined

  constructor(private readonly options: AnswerTableOptions) {
    const { url, timeoutMs, log } = options
    this.pool = new pg.Pool({
      connectionString: url,
      max: 2,
      application_name: 'kivuko ledger answers',
      connectionTimeoutMillis: timeoutMs,
      query_timeout: timeoutMs,
    })
    this.pool.on('error', (error) => log.warn(`A connection for the ledger's answers broke: ${messageOf(error)}`))
    this.dropping = setInterval(() => void this.drop(), DROP_EVERY_MS).unref()
  }

  keep(id: LedgerId, answer: Buffer): void {
    if (this.waiting.length >= MAX_WAITING) return
    this.waiting.push({ id, answer })
    this.writing ??= this.write().finally(() => {
      this.writing = undefined
    })
  }

  async find(id: LedgerId): Promise<Buffer | undefined> {
    // Whoever asks for the answer of a post that was made just now waits for it.
    while (this.writing) await this.writing
    try {
      return await readKeptAnswer(this.pool, id, this.options.clock.nowMs())
    } catch (error) {
      const message = `The ledger's answers could not be read: ${messageOf(error)}. Check that Postgres answers.`
      throw new DomainError('unavailable', 'LedgerUnavailable', message, {}, { cause: error })
    }
  }

  async close(): Promise<void> {
    clearInterval(this.dropping)
    while (this.writing) await this.writing
    await this.pool.end()
  }

  private async write(): Promise<void> {
    // What is posted in one turn of the event loop is written together.
    await new Promise((resolve) => setImmediate(resolve))
    while (this.waiting.length > 0) {
      const some = this.waiting.splice(0, ROWS_PER_STATEMENT)
      await this.change(
        'insert into ledger_kept_answers (id, answer) select * from unnest($1::uuid[], $2::bytea[]) on conflict do nothing',
        [uuidArray(some.map(({ id }) => id)), byteaArray(some.map(({ answer }) => answer))],
      )
    }
  }

  private drop(): Promise<void> {
    return this.change('select ledger_drop_answers(($1::uuid[])[1])', [
      uuidArray([firstIdAt(this.options.clock.nowMs())]),
    ])
  }

  /** What cannot be kept is not answered a second time: nothing else depends on it. */
  private async change(text: string, values: Buffer[]): Promise<void> {
    try {
      await this.pool.query({ text, values })
    } catch (error) {
      this.options.log.warn(`The ledger's answers could not be written: ${messageOf(error)}`)
    }
  }
}
