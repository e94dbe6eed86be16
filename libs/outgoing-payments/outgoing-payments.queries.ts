import { type Db, type Page, type PageRequest, type Queries, readPage, readPagesOf } from '@kivuko/platform'
import type { NewEvent } from '@kivuko/webhooks'
import type { SelectQueryBuilder } from 'typeorm'
import type { TimelineStep } from './lifecycle.js'
import { OutgoingPayment } from './outgoing-payment.entity.js'
import { TimelineEntry } from './timeline.entity.js'

/** What the timeline says of a change, written by the same statement. */
export interface Note {
  readonly step: TimelineStep
  readonly cause: string | null
  readonly at: Date
}

/** The row, its timeline's first entry and the event that tells of it. True: the event is this process's to deliver. */
export async function insertOutgoingPayment(
  db: Queries,
  payment: OutgoingPayment,
  note: Note,
  created: NewEvent,
): Promise<boolean> {
  const values: unknown[] = [
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
  ]
  const [row] = await db.query<{ isOurs: boolean }>(
    `with inserted as (
       insert into outgoing_payments (id, tenant_id, wallet_address_id, state, metadata, client, grant_id, initiated_by,
         due_at, created_event_id, receiver_amount_before, created_at, updated_at)
       values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $12) returning id
     ), noted as (
       insert into outgoing_payment_events (payment_id, at, step, cause) select id, $13, $14, $15 from inserted
     )
     select ${created.call(values)} as "isOurs" from inserted`,
    values,
  )
  return row?.isOurs === true
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

/** The same page for several wallet addresses at once. */
export function readOutgoingPaymentsPages(
  db: Db,
  walletAddressIds: readonly string[],
  page: PageRequest,
): Promise<ReadonlyMap<string, Page<OutgoingPayment>>> {
  return readPagesOf(withQuotes(db), 'walletAddressId', walletAddressIds, page)
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
