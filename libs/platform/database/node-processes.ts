import { randomInt } from 'node:crypto'
import type { Clock } from '../clock.js'
import { assert } from '../errors.js'

// The first half of the keys of this node's advisory locks that stand for a process; the ledger's own is 548856.
const LOCK_CLASS = 548_857
const MAX_ID = 2 ** 31 - 1
// A process whose connection breaks is back in less; a killed one is known as gone within this and a heartbeat.
const GONE_AFTER_MS = 5_000

/** Whether a process has ended: another may then finish what it left. */
export interface ProcessLiveness {
  /** 1 to 2^31 − 1, drawn anew at each start. */
  readonly ownId: number
  /** Whether that process is known to have ended. False while it is not known. */
  isGone(processId: number): boolean
  /** Called after a process that was running is known to have ended. */
  onGone(listener: () => void): void
}

/**
 * The running processes of a node, each known by an advisory lock that its listening connection holds: the server frees it
 * when the process ends, however it ends. The lock is shared, so that a new connection need not wait for the end of the old.
 */
export class NodeProcesses implements ProcessLiveness {
  readonly ownId = randomInt(1, MAX_ID)
  /** When each process was first missed, of those that were running or were asked for. */
  private readonly missedSinceMs = new Map<number, number>()
  private readonly toldOf = new Set<number>()
  private running = new Set<number>()
  private answeredAtMs: number | undefined
  private readonly listeners: (() => void)[] = []

  constructor(private readonly clock: Clock) {}

  /** The server ends connections of machines that are gone within some seconds: their locks would outlive them. */
  get session(): string {
    return `set tcp_keepalives_idle = 5; set tcp_keepalives_interval = 2; set tcp_keepalives_count = 3;
      select pg_advisory_lock_shared(${LOCK_CLASS}, ${this.ownId})`
  }

  readonly question = `select objid::bigint::text as id from pg_locks
    where locktype = 'advisory' and classid = ${LOCK_CLASS} and objsubid = 2
      and database = (select oid from pg_database where datname = current_database())`

  answered(rows: readonly Readonly<Record<string, unknown>>[]): void {
    const nowMs = this.clock.nowMs()
    const running = new Set(rows.map(({ id }) => Number.parseInt(`${id}`, 10)))
    for (const id of this.running) if (!running.has(id)) this.missedSinceMs.set(id, nowMs)
    for (const id of running) this.missedSinceMs.delete(id)
    this.running = running
    this.answeredAtMs = nowMs
    this.tellOfEnded()
  }

  isGone(processId: number): boolean {
    assert(processId > 0, 'a process has a positive id')
    const { answeredAtMs } = this
    if (processId === this.ownId || this.running.has(processId) || answeredAtMs === undefined) return false
    const sinceMs = this.missedSinceMs.get(processId)
    if (sinceMs === undefined) this.missedSinceMs.set(processId, answeredAtMs)
    return answeredAtMs - (sinceMs ?? answeredAtMs) >= GONE_AFTER_MS
  }

  onGone(listener: () => void): void {
    this.listeners.push(listener)
  }

  private tellOfEnded(): void {
    const ended = [...this.missedSinceMs.keys()].filter((id) => this.isGone(id) && !this.toldOf.has(id))
    for (const id of this.toldOf) if (!this.missedSinceMs.has(id)) this.toldOf.delete(id)
    if (ended.length === 0) return
    for (const id of ended) this.toldOf.add(id)
    for (const listener of this.listeners) listener()
  }
}
