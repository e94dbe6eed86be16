import { type Clock, DomainError, type Logger, messageOf } from '@kivuko/platform'
import type { Client } from 'tigerbeetle-node'
import { resolveAddresses } from './addresses.js'

/** No answer within the deadline, or no session that could ask: what was asked may have been done or not. */
export class NoAnswer extends Error {
  override readonly name = 'NoAnswer'
}

export interface SessionOptions {
  /** host:port of every replica, in the order of their numbers. */
  readonly replicas: readonly string[]
  readonly clusterId: bigint
  /** How long a call may take. TigerBeetle's client itself never gives up. */
  readonly timeoutMs: number
  readonly clock: Clock
  readonly log: Logger
}

// Far more than a batch per millisecond could answer within a deadline; beyond it a caller is told at once.
const MAX_UNDER_WAY = 50_000
const PAUSE_BEFORE_REBUILD_MS = 100
const CLIENT_LOST = new Set(['ERR_CLIENT_EVICTED', 'ERR_CLIENT_CLOSED'])

/**
 * The process's one client, which merges concurrent calls by itself. A session that the cluster evicted, or that gave no
 * answer in time, is replaced: nothing that was still waiting in it is sent after its caller was told.
 */
export class Session {
  private client: Promise<Client> | undefined
  private underWay = 0
  private closed = false

  constructor(private readonly options: SessionOptions) {}

  /** Asks until the deadline: after an eviction again in a new session, which the ids make harmless. */
  async ask<T>(question: (client: Client) => Promise<T>): Promise<T> {
    if (this.underWay >= MAX_UNDER_WAY) {
      const message = `${MAX_UNDER_WAY} calls wait for the ledger already; try again later.`
      throw new DomainError('unavailable', 'LedgerBusy', message)
    }
    this.underWay += 1
    try {
      return await this.askUntil(this.options.clock.nowMs() + this.options.timeoutMs, question)
    } finally {
      this.underWay -= 1
    }
  }

  async close(): Promise<void> {
    this.closed = true
    await this.discard(this.client)
  }

  private async askUntil<T>(deadlineMs: number, question: (client: Client) => Promise<T>): Promise<T> {
    for (;;) {
      const leftMs = deadlineMs - this.options.clock.nowMs()
      if (leftMs <= 0 || this.closed) throw new NoAnswer(`no answer within ${this.options.timeoutMs} ms`)
      const used = this.connected()
      try {
        return await within(leftMs, used.then(question))
      } catch (error) {
        if (!(error instanceof NoAnswer) && !isLost(error)) throw error
        await this.discard(used)
        if (error instanceof NoAnswer) throw error
        this.options.log.warn(`The ledger's session was lost (${messageOf(error)}) and is opened anew.`)
        await new Promise((resume) => setTimeout(resume, PAUSE_BEFORE_REBUILD_MS))
      }
    }
  }

  private connected(): Promise<Client> {
    this.client ??= this.connect()
    return this.client
  }

  private async connect(): Promise<Client> {
    const { createClient } = await import('tigerbeetle-node')
    const addresses = await resolveAddresses(this.options.replicas)
    return createClient({ cluster_id: this.options.clusterId, replica_addresses: addresses })
  }

  /** Only the client that failed: another caller may have replaced it already. */
  private async discard(used: Promise<Client> | undefined): Promise<void> {
    if (used === undefined || this.client !== used) return
    this.client = undefined
    const client = await used.catch(() => undefined)
    if (client !== undefined && (await isUsable(client))) client.destroy()
  }
}

/**
 * Whether the client may be destroyed: tigerbeetle-node 0.17.4 ends the whole process when it is asked to destroy one
 * that the cluster has evicted. Such a client refuses a question at once, any other keeps it.
 */
async function isUsable(client: Client): Promise<boolean> {
  const refused = client.lookupAccounts([1n]).then(
    () => false,
    () => true,
  )
  const kept = new Promise<boolean>((resolve) => setImmediate(() => resolve(false)))
  return !(await Promise.race([refused, kept]))
}

async function within<T>(timeoutMs: number, answer: Promise<T>): Promise<T> {
  let timer: NodeJS.Timeout | undefined
  const deadline = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new NoAnswer('no answer in time')), timeoutMs)
  })
  try {
    return await Promise.race([answer, deadline])
  } finally {
    clearTimeout(timer)
  }
}

function isLost(error: unknown): boolean {
  return error instanceof Error && 'code' in error && CLIENT_LOST.has(String(error.code))
}
