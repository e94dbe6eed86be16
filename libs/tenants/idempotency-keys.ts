import { createHash, randomUUID } from 'node:crypto'
import { setTimeout as wait } from 'node:timers/promises'
import { type Clock, type Db, DomainError, type Queries } from '@kivuko/platform'
import {
  answerCall,
  type CallRow,
  claimCall,
  deleteOldCalls,
  findCall,
  forgetCall,
  prolongCall,
} from './idempotency-keys.queries.js'
import { openSealedText, sealText } from './sealed-text.js'

/** A mutation as its idempotency key stands for it: the arguments in one canonical text. */
export interface KeyedCall {
  readonly tenantId: string
  readonly key: string
  readonly operation: string
  readonly args: string
}

export interface IdempotencyKeysOptions {
  readonly db: Db
  /** For what every call writes; left out: `db`. */
  readonly grouped?: Queries
  readonly clock: Clock
  /** 32 bytes. Answers hold tokens and secrets: the database is not told them. */
  readonly encryptionKey: Buffer
  readonly leaseMs?: number
  readonly longestWaitMs?: number
}

// A day, as Rafiki keeps them.
const LIFE_MS = 86_400_000
// Renewed while a call is under way; when its process dies, a repeat may act after this time.
const LEASE_MS = 30_000
// How long a repeat waits for a call under way in another process, and how often it looks.
const LONGEST_WAIT_MS = 10_000
const LOOK_EVERY_MS = 50
const CLEAN_UP_ROWS = 1_000

/**
 * What each idempotency key was answered, per tenant, in the database: a repeat gets the first answer, also from another
 * process, after a restart, and while the first is still under way. A failure is forgotten, so that the call can be made
 * again.
 */
export class IdempotencyKeys {
  private readonly leaseMs: number
  private readonly longestWaitMs: number

  constructor(private readonly options: IdempotencyKeysOptions) {
    this.leaseMs = options.leaseMs ?? LEASE_MS
    this.longestWaitMs = options.longestWaitMs ?? LONGEST_WAIT_MS
  }

  /** `act` answers what can be written as JSON, bigints included. */
  async once(call: KeyedCall, act: () => Promise<unknown>): Promise<unknown> {
    const { clock } = this.options
    const owner = randomUUID()
    const hash = createHash('sha256').update(call.args).digest()
    const deadlineMs = clock.nowMs() + this.longestWaitMs
    for (;;) {
      if (await this.claim(call, hash, owner)) return this.act(call, owner, act)
      const row = await findCall(this.options.db, call)
      if (row?.answer != null && !this.isOver(row)) {
        checkSame(row, call, hash)
        return this.read(row.answer, call)
      }
      if (row !== undefined) checkSame(row, call, hash)
      if (clock.nowMs() >= deadlineMs) throw stillUnderWay(call.key)
      await wait(LOOK_EVERY_MS)
    }
  }

  /** Deletes keys whose day is over, at most so many at once; returns how many. */
  cleanUp(limit = CLEAN_UP_ROWS): Promise<number> {
    return deleteOldCalls(this.options.db, new Date(this.options.clock.nowMs() - LIFE_MS), limit)
  }

  private claim({ tenantId, key, operation }: KeyedCall, hash: Buffer, owner: string): Promise<boolean> {
    const nowMs = this.options.clock.nowMs()
    return claimCall(this.options.grouped ?? this.options.db, {
      ...{ tenantId, key, operation, hash, owner },
      now: new Date(nowMs),
      leaseUntil: new Date(nowMs + this.leaseMs),
      forgottenBefore: new Date(nowMs - LIFE_MS),
    })
  }

  private async act(call: KeyedCall, owner: string, act: () => Promise<unknown>): Promise<unknown> {
    const { db, clock } = this.options
    const claimed = { tenantId: call.tenantId, key: call.key, owner }
    const renewal = setInterval(() => {
      prolongCall(db, claimed, new Date(clock.nowMs() + this.leaseMs)).catch(() => undefined)
    }, this.leaseMs / 3)
    try {
      const answer = await act()
      await answerCall(this.options.grouped ?? db, claimed, this.write(answer, call))
      return answer
    } catch (error) {
      await forgetCall(db, claimed)
      throw error
    } finally {
      clearInterval(renewal)
    }
  }

  private isOver({ createdAt }: CallRow): boolean {
    return this.options.clock.nowMs() - createdAt.getTime() >= LIFE_MS
  }

  private write(answer: unknown, call: KeyedCall): string {
    return sealText(textOfAnswer(answer), this.options.encryptionKey, placeOf(call))
  }

  private read(sealed: string, call: KeyedCall): unknown {
    return answerOfText(openSealedText(sealed, this.options.encryptionKey, placeOf(call)))
  }
}

// JSON has no integers beyond 2^53: amounts are marked. Nothing else in an answer has this one member.
const BIGINT = '$bigint'

function textOfAnswer(answer: unknown): string {
  return JSON.stringify({ answer }, (_name, value: unknown) =>
    typeof value === 'bigint' ? { [BIGINT]: value.toString() } : value,
  )
}

function answerOfText(text: string): unknown {
  const read: { answer: unknown } = JSON.parse(text, (_name, value: unknown) => {
    if (typeof value !== 'object' || value === null || !(BIGINT in value)) return value
    return typeof value[BIGINT] === 'string' ? BigInt(value[BIGINT]) : value
  })
  return read.answer
}

function checkSame(row: CallRow, call: KeyedCall, hash: Buffer): void {
  if (row.operation === call.operation && row.requestHash.equals(hash)) return
  throw new DomainError(
    'conflict',
    'IdempotencyKeyReused',
    `Incoming arguments are different than the original request for idempotencyKey: ${call.key}; take a new key for a new call`,
  )
}

function stillUnderWay(key: string): DomainError {
  return new DomainError(
    'conflict',
    'ConcurrentRequest',
    `Concurrent request for idempotencyKey: ${key}; the first one is still under way, ask again`,
  )
}

function placeOf({ tenantId, key }: KeyedCall): string {
  return `idempotency_keys/${tenantId}/${key}`
}
