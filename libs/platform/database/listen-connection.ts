import { Client } from 'pg'
import { messageOf } from '../errors.js'
import type { Logger } from '../logging/logger.js'

type Row = Readonly<Record<string, unknown>>

export interface ListenOptions {
  readonly url: string
  readonly channel: string
  readonly heartbeatMs: number
  /** A question unanswered for this long means that the connection is dead. */
  readonly answerTimeoutMs: number
  readonly log: Logger
  /** What is asked as a sign of life, and who gets the answer. */
  readonly heartbeat: { readonly text: string; onAnswer(rows: readonly Row[]): void }
  /** Run on each new connection before anything is heard on it. */
  readonly session: string
  onAlive(): void
  onNotification(payload: string): void
  onReconnected(): void
}

const FIRST_RETRY_MS = 100
const LONGEST_RETRY_MS = 2_000

/** One dedicated connection that listens on a channel, asks for a sign of life and comes back when it is lost. */
export class ListenConnection {
  private client: Client | undefined
  private timer: NodeJS.Timeout | undefined
  private retryMs = FIRST_RETRY_MS
  private closed = false

  constructor(private readonly options: ListenOptions) {}

  /** The first connection: fails when the database does, instead of trying on in the background. */
  async open(): Promise<void> {
    await this.connect()
  }

  async close(): Promise<void> {
    this.closed = true
    clearTimeout(this.timer)
    const client = this.client
    this.client = undefined
    await client?.end().catch(() => undefined)
  }

  private async connect(): Promise<void> {
    const { url, answerTimeoutMs, channel } = this.options
    const client = new Client({
      connectionString: url,
      application_name: 'kivuko change feed',
      keepAlive: true,
      connectionTimeoutMillis: answerTimeoutMs,
      query_timeout: answerTimeoutMs,
    })
    client.on('notification', ({ payload }) => {
      this.options.onAlive()
      if (payload) this.options.onNotification(payload)
    })
    client.on('error', (error) => this.lost(client, error))
    client.on('end', () => this.lost(client, new Error('the server closed the connection')))
    try {
      await client.connect()
      await client.query(this.options.session)
      await client.query(`listen ${channel}`)
    } catch (error) {
      client.end().catch(() => undefined)
      throw error
    }
    if (this.closed) return client.end()
    this.client = client
    this.options.onAlive()
    this.scheduleHeartbeat(client)
  }

  private scheduleHeartbeat(client: Client): void {
    this.timer = setTimeout(() => void this.heartbeat(client), this.options.heartbeatMs)
  }

  private async heartbeat(client: Client): Promise<void> {
    const { heartbeat } = this.options
    try {
      const { rows } = await client.query<Row>(heartbeat.text)
      if (this.client === client) heartbeat.onAnswer(rows)
    } catch (error) {
      this.lost(client, error)
      return
    }
    if (this.client !== client) return
    this.options.onAlive()
    this.scheduleHeartbeat(client)
  }

  private lost(client: Client, error: unknown): void {
    if (this.closed || this.client !== client) return
    this.client = undefined
    clearTimeout(this.timer)
    client.end().catch(() => undefined)
    this.options.log.warn(`Change feed lost, connecting again: ${messageOf(error)}`)
    this.retryMs = FIRST_RETRY_MS
    this.scheduleReconnect()
  }

  private scheduleReconnect(): void {
    this.timer = setTimeout(() => void this.reconnect(), this.retryMs)
    this.retryMs = Math.min(this.retryMs * 2, LONGEST_RETRY_MS)
  }

  private async reconnect(): Promise<void> {
    try {
      await this.connect()
    } catch (error) {
      if (this.closed) return
      this.options.log.warn(`Change feed still without a connection: ${messageOf(error)}`)
      this.scheduleReconnect()
      return
    }
    if (this.closed) return
    this.options.log.info('Change feed connected again; reading everything anew')
    this.options.onReconnected()
  }
}
