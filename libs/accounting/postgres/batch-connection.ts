import { setTimeout } from 'node:timers/promises'
import { type Logger, messageOf } from '@kivuko/platform'
import pg from 'pg'

const CONNECT_TIMEOUT_MS = 5_000
// A server that is gone does not say goodbye.
const CLOSE_TIMEOUT_MS = 2_000

// Plans are made once, when the tables may still be empty: only ways that stay right as they grow are left open.
const SESSION = `
set synchronous_commit = on;
set plan_cache_mode = force_generic_plan;
set jit = off;
set enable_seqscan = off;
set enable_bitmapscan = off;
set enable_mergejoin = off;
set enable_hashjoin = off`

export interface Statement {
  readonly name: string
  readonly text: string
  readonly values: readonly unknown[]
}

/**
 * The one connection that writes. Statements are sent without waiting for the answers before them, and run in order. A
 * broken one is replaced at the next statement.
 */
export class BatchConnection {
  private client: Promise<pg.Client> | undefined
  private open: pg.Client | undefined

  constructor(
    private readonly url: string,
    private readonly timeoutMs: number,
    private readonly log: Logger,
    private readonly onConnect: () => void,
  ) {}

  async query<Row extends unknown[]>({ name, text, values }: Statement): Promise<Row[]> {
    const client = this.open ?? (await this.connected())
    const result = await client.query<Row>({ name, text, values: [...values], rowMode: 'array' })
    return result.rows
  }

  async close(): Promise<void> {
    const client = await this.client?.catch(() => undefined)
    this.client = undefined
    this.open = undefined
    if (client !== undefined)
      await Promise.race([client.end(), setTimeout(CLOSE_TIMEOUT_MS, undefined, { ref: false })])
  }

  private connected(): Promise<pg.Client> {
    this.client ??= this.connect().catch((error: unknown) => {
      this.client = undefined
      throw error
    })
    return this.client
  }

  private async connect(): Promise<pg.Client> {
    const client = new pg.Client({
      connectionString: this.url,
      application_name: 'kivuko ledger',
      connectionTimeoutMillis: CONNECT_TIMEOUT_MS,
      query_timeout: this.timeoutMs,
      // The server gives up no later than this process does, so that nothing lands long after its caller was told.
      statement_timeout: this.timeoutMs,
      keepAlive: true,
      pipeline: true,
    })
    client.on('error', (error) => this.log.warn(`The ledger's connection broke: ${messageOf(error)}`))
    client.on('end', () => {
      this.client = undefined
      this.open = undefined
    })
    await client.connect()
    await client.query(SESSION)
    this.onConnect()
    this.open = client
    return client
  }
}
