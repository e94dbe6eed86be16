import { type Db, type Page, type PageRequest, readPage } from '@kivuko/platform'
import type { SelectQueryBuilder } from 'typeorm'
import { type OutgoingPaymentState, statesBefore, type TimelineStep } from './lifecycle.js'
import { OutgoingPayment } from './outgoing-payment.entity.js'
import { TimelineEntry } from './timeline.entity.js'

/** What the timeline says of a change, written by the same statement. */
export interface Note {
  readonly step: TimelineStep
  readonly cause: string | null
  readonly at: Date
}

export async function insertOutgoingPayment(db: Db, payment: OutgoingPayment, note: Note): Promise<void> {
  await db.query(
    `with inserted as (
       insert into outgoing_payments (id, tenant_id, wallet_address_id, state, metadata, client, grant_id, initiated_by,
         due_at, created_event_id, receiver_amount_before, created_at, updated_at)
       values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $12) returning id
     )
     insert into outgoing_payment_events (payment_id, at, step, cause) select id, $13, $14, $15 from inserted`,
    [
      payment.id,
      payment.tenantId,
      payment.walletAddressId,
      payment.state,
      payment.metadata,
      payment.client,
      payment.grantId,
      payment.initiatedBy,
      payment.dueAt,
      payment.createdEventId,
      payment.receiverAmountBefore.toString(),
      payment.createdAt,
      note.at,
      note.step,
      note.cause,
    ],
  )
}

/** One statement: TypeORM's findOne would ask twice because of the join. */
export function findOutgoingPayment(db: Db, id: string, tenantId?: string): Promise<OutgoingPayment | null> {
  const query = withQuotes(db).where('payment.id = :id', { id })
  if (tenantId !== undefined) query.andWhere('payment.tenantId = :tenantId', { tenantId })
  return query.getOne()
}

function withQuotes(db: Db): SelectQueryBuilder<OutgoingPayment> {
  return db.createQueryBuilder(OutgoingPayment, 'payment').innerJoinAndSelect('payment.quote', 'quote')
}

/** Narrows a list; undefined does not. The lists mean "one of these". */
export interface OutgoingPaymentScope {
  readonly tenantId: string | undefined
  readonly walletAddressId?: string
  readonly client?: string
  readonly walletAddressIds?: readonly string[]
  readonly receivers?: readonly string[]
  readonly states?: readonly string[]
}

export function readOutgoingPaymentsPage(
  db: Db,
  scope: OutgoingPaymentScope,
  page: PageRequest,
): Promise<Page<OutgoingPayment>> {
  const { tenantId, walletAddressId, client, walletAddressIds, receivers, states } = scope
  const query = withQuotes(db)
  if (walletAddressIds !== undefined)
    query.andWhere('payment.walletAddressId = any(:walletAddressIds)', { walletAddressIds })
  if (receivers !== undefined) query.andWhere('quote.receiver = any(:receivers)', { receivers })
  if (states !== undefined) query.andWhere('payment.state = any(:states)', { states })
  return readPage(query, page, { tenantId, walletAddressId, client })
}

export function readTimeline(db: Db, paymentId: string): Promise<TimelineEntry[]> {
  return db.find(TimelineEntry, { where: { paymentId }, order: { sequence: 'ASC' } })
}

/** Ids of payments that are due, oldest first: one look at the index of what is to be done. */
export async function dueOutgoingPaymentIds(db: Db, now: Date, limit: number): Promise<string[]> {
  const rows: { id: string }[] = await db.query(
    'select id from outgoing_payments where due_at <= $1 order by due_at limit $2',
    [now, limit],
  )
  return rows.map(({ id }) => id)
}

/** Takes a payment that is due, until the lease ends. Of several workers at once, one gets it. */
export function claimForSending(db: Db, id: string, lease: string, leaseEndsAt: Date, note: Note): Promise<boolean> {
  const from = { states: ['SENDING'], dueBy: note.at } as const
  return change(db, id, from, { lease, due_at: leaseEndsAt }, note)
}

/** Keeps a claimed payment. False: it was given to another, or has ended. */
export async function extendLease(db: Db, id: string, lease: string, leaseEndsAt: Date): Promise<boolean> {
  const [, affected]: [unknown[], number] = await db.query(
    `update outgoing_payments set due_at = $3 where id = $1 and lease = $2 and state = 'SENDING'`,
    [id, lease, leaseEndsAt],
  )
  return affected === 1
}

export function startSending(db: Db, id: string, note: Note): Promise<boolean> {
  return change(db, id, { states: statesBefore('SENDING') }, { state: 'SENDING', due_at: note.at }, note)
}

/** What an attempt brought, and when the next one is. */
export interface Postponement {
  readonly dueAt: Date
  readonly attempts: number
  readonly sentAmount: bigint
  readonly deliveredAmount: bigint
  readonly errorReason: string
  readonly errorMessage: string
}

export function postpone(db: Db, id: string, lease: string, postponed: Postponement, note: Note): Promise<boolean> {
  const { dueAt, attempts, sentAmount, deliveredAmount, errorReason, errorMessage } = postponed
  const set = {
    lease: null,
    due_at: dueAt,
    state_attempts: attempts,
    sent_amount: sentAmount.toString(),
    delivered_amount: deliveredAmount.toString(),
    error_reason: errorReason,
    error_message: errorMessage,
  }
  return change(db, id, { states: ['SENDING'], lease }, set, note)
}

/** How a payment ended. */
export interface Ending {
  readonly state: Extract<OutgoingPaymentState, 'COMPLETED' | 'FAILED' | 'CANCELLED'>
  readonly attempts: number
  readonly sentAmount: bigint
  readonly deliveredAmount: bigint
  readonly leftoverAmount: bigint
  readonly errorReason: string | null
  readonly errorMessage: string | null
  readonly endedEventId: string
  readonly metadata?: Record<string, unknown>
}

/** `lease`: of the attempt that ends it; undefined for one that nobody sends yet. */
export function endPayment(
  db: Db,
  id: string,
  lease: string | undefined,
  ending: Ending,
  note: Note,
): Promise<boolean> {
  const set = {
    state: ending.state,
    lease: null,
    due_at: null,
    state_attempts: ending.attempts,
    sent_amount: ending.sentAmount.toString(),
    delivered_amount: ending.deliveredAmount.toString(),
    leftover_amount: ending.leftoverAmount.toString(),
    error_reason: ending.errorReason,
    error_message: ending.errorMessage,
    ended_event_id: ending.endedEventId,
    ...(ending.metadata !== undefined && { metadata: ending.metadata }),
  }
  return change(db, id, { states: statesBefore(ending.state), lease }, set, note)
}

/** Which rows a change may be made to. */
interface From {
  readonly states: readonly OutgoingPaymentState[]
  readonly lease?: string
  readonly dueBy?: Date
}

type Column =
  | 'state'
  | 'lease'
  | 'due_at'
  | 'state_attempts'
  | 'sent_amount'
  | 'delivered_amount'
  | 'leftover_amount'
  | 'error_reason'
  | 'error_message'
  | 'ended_event_id'
  | 'metadata'

/** Every change of a payment: compare-and-set and its timeline entry, in one statement. */
async function change(
  db: Db,
  id: string,
  { states, lease, dueBy }: From,
  set: Partial<Record<Column, unknown>>,
  { at, step, cause }: Note,
): Promise<boolean> {
  const fixed = [id, states, lease ?? null, dueBy ?? null, at, step, cause]
  const assignments = Object.keys(set).map((column, index) => `${column} = $${fixed.length + 1 + index}`)
  const rows: { changed: number }[] = await db.query(
    `with changed as (
       update outgoing_payments set updated_at = $5, ${assignments.join(', ')}
       where id = $1 and state = any($2::text[]) and ($3::uuid is null or lease = $3)
         and ($4::timestamptz is null or due_at <= $4)
       returning id
     ), noted as (
       insert into outgoing_payment_events (payment_id, at, step, cause) select id, $5, $6::text, $7::text from changed
     )
     select count(*)::int as changed from changed`,
    [...fixed, ...Object.values(set)],
  )
  return rows[0]?.changed === 1
}
