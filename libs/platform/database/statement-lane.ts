import type { Client } from 'pg'
import { PreparingClient } from './preparing-client.js'

/** A statement of a group, which keeps what it was answered until all of the group stands. */
export interface GroupMember {
  send(client: Client): Promise<void>
}

// Who waits for a row that others hold leaves the group, so that its fellows do not wait as well. Plans are made when the
// tables may still be empty: a whole table is no way to a row.
const SESSION = '-c lock_timeout=500 -c enable_seqscan=off'
const CONNECT_TIMEOUT_MS = 10_000
// A server that is gone does not say so: a group without an answer is given up with its connection.
const ANSWER_TIMEOUT_MS = 30_000

/** A connection on which one group after the other is written, each in a transaction that is sent in one go. */
export class StatementLane {
  private client: Promise<Client> | undefined
  private open: Client | undefined
  isBusy = false

  constructor(
    private readonly url: string,
    private readonly applicationName: string,
    private readonly onBroken: (error: Error) => void,
  ) {}

  /** False: nothing of the group stands, because of one of its members. Throws when that is not known. */
  async write(members: readonly GroupMember[]): Promise<boolean> {
    const client = await this.connected()
    const outcomes = await Promise.allSettled(send(client, members))
    const errors: unknown[] = outcomes.flatMap((outcome) => (outcome.status === 'rejected' ? [outcome.reason] : []))
    const lost = errors.find((error) => !isRefusal(error))
    if (lost !== undefined) {
      this.forget(client)
      throw lost
    }
    return errors.length === 0
  }

  /** A lane without a connection has sent nothing. */
  connected(): Promise<Client> {
    this.client ??= this.connect().catch((error: unknown) => {
      this.client = undefined
      throw error
    })
    return this.client
  }

  async close(): Promise<void> {
    const client = await this.client?.catch(() => undefined)
    this.client = undefined
    await client?.end()
  }

  private async connect(): Promise<Client> {
    const client: Client = new PreparingClient({
      connectionString: this.url,
      application_name: this.applicationName,
      options: SESSION,
      connectionTimeoutMillis: CONNECT_TIMEOUT_MS,
      query_timeout: ANSWER_TIMEOUT_MS,
      keepAlive: true,
      pipeline: true,
    })
    client.on('error', this.onBroken)
    client.on('end', () => this.forget(client))
    await client.connect()
    this.open = client
    return client
  }

  private forget(client: Client): void {
    if (this.open !== client) return
    this.open = undefined
    this.client = undefined
    client.end().catch(() => undefined)
  }
}

/** In one packet: the server is woken once. */
function send(client: Client, members: readonly GroupMember[]): Promise<unknown>[] {
  const { stream } = client.connection
  stream.cork()
  try {
    if (members.length === 1) return members.map((member) => member.send(client))
    return [client.query('begin'), ...members.map((member) => member.send(client)), client.query('commit')]
  } finally {
    stream.uncork()
  }
}

// Connection exceptions, and a server that goes down: what was sent may stand.
const LOST = /^(08|57P)/

/** The server's word that a statement did not pass, and with it nothing of its transaction. */
function isRefusal(error: unknown): boolean {
  if (!(error instanceof Error) || !('code' in error) || typeof error.code !== 'string') return false
  return /^[0-9A-Z]{5}$/.test(error.code) && !LOST.test(error.code)
}
