import { type Db, type Page, type PageRequest, type Queries, readPage, readPagesOf } from '@kivuko/platform'
import type { NewEvent } from '@kivuko/webhooks'
import { Any } from 'typeorm'
import { IncomingPayment } from './incoming-payment.entity.js'
import type { IncomingPaymentState } from './lifecycle.js'
import type { ToldPayment } from './webhook-payload.js'

/** The row and the event that tells of it, in one statement. True: the event is this process's to deliver. */
export async function insertIncomingPayment(
  db: Queries,
  payment: IncomingPayment,
  created: NewEvent,
): Promise<boolean> {
  const values: unknown[] = [
    payment.id,
    payment.tenantId,
    payment.walletAddressId,
    payment.assetId,
    payment.state,
    payment.incomingAmount?.toString() ?? null,
    payment.expiresAt,
    payment.metadata,
    payment.client,
    payment.initiatedBy,
    payment.dueAt,
    payment.createdAt,
    payment.senderWalletAddress,
  ]
  const [row] = await db.query<{ isOurs: boolean }>(
    `with inserted as (
       insert into incoming_payments (id, tenant_id, wallet_address_id, asset_id, state, incoming_amount,
         received_amount, expires_at, metadata, client, initiated_by, due_at, created_at, updated_at,
         sender_wallet_address)
       values ($1, $2, $3, $4, $5, $6, 0, $7, $8, $9, $10, $11, $12, $12, $13) returning id
     )
     select ${created.call(values)} as "isOurs" from inserted`,
    values,
  )
  return row?.isOurs === true
}

export function findIncomingPayment(db: Db, id: string): Promise<IncomingPayment | null> {
  return db.findOneBy(IncomingPayment, { id })
}

export function findIncomingPayments(db: Db, ids: readonly string[]): Promise<IncomingPayment[]> {
  return db.findBy(IncomingPayment, { id: Any([...ids]) })
}

/** The same by id. */
export async function readIncomingPayments(
  db: Db,
  ids: readonly string[],
): Promise<ReadonlyMap<string, IncomingPayment>> {
  return new Map((await findIncomingPayments(db, ids)).map((payment) => [payment.id, payment]))
}

/** Whose payments: of a tenant, of a wallet address, made by a client; undefined does not narrow. */
export interface IncomingPaymentScope {
  readonly tenantId: string | undefined
  readonly walletAddressId?: string
  readonly client?: string
  readonly initiatedBy?: string
}

/** The same page for several wallet addresses at once. */
export function readIncomingPaymentsPages(
  db: Db,
  { walletAddressIds, initiatedBy }: { readonly walletAddressIds: readonly string[]; readonly initiatedBy?: string },
  page: PageRequest,
): Promise<ReadonlyMap<string, Page<IncomingPayment>>> {
  const query = db.createQueryBuilder(IncomingPayment, 'payment')
  if (initiatedBy !== undefined) query.andWhere('payment.initiatedBy = :initiatedBy', { initiatedBy })
  return readPagesOf(query, 'walletAddressId', walletAddressIds, page)
}

export function readIncomingPaymentsPage(
  db: Db,
  scope: IncomingPaymentScope,
  page: PageRequest,
): Promise<Page<IncomingPayment>> {
  const { tenantId, walletAddressId, client, initiatedBy } = scope
  const query = db.createQueryBuilder(IncomingPayment, 'payment')
  return readPage(query, page, { tenantId, walletAddressId, client, initiatedBy })
}

/** Ids of payments that are due, oldest first: one look at the index of open ends. */
export async function dueIncomingPaymentIds(db: Db, now: Date, limit: number): Promise<string[]> {
  const rows: { id: string }[] = await db.query(
    'select id from incoming_payments where due_at <= $1 order by due_at limit $2',
    [now, limit],
  )
  return rows.map(({ id }) => id)
}

/** Open payments in the order of their ids, from after one id: whose rows a crash may have left behind the ledger. */
export function openIncomingPayments(db: Db, afterId: string, limit: number): Promise<IncomingPayment[]> {
  return db
    .createQueryBuilder(IncomingPayment, 'payment')
    .where('payment.dueAt is not null and payment.id > :afterId', { afterId })
    .andWhere('payment.state in (:...states)', { states: ['PENDING', 'PROCESSING'] satisfies IncomingPaymentState[] })
    .orderBy('payment.id')
    .limit(limit)
    .getMany()
}

/** What was received so far, while more may come. An older reading that comes later changes nothing. */
export async function raiseReceivedAmount(db: Db, id: string, receivedAmount: bigint, now: Date): Promise<void> {
  await db.query(
    `update incoming_payments set received_amount = greatest(received_amount, $2::numeric), updated_at = $3,
       state = case state when 'PENDING' then 'PROCESSING' else state end
     where id = $1`,
    [id, receivedAmount.toString(), now],
  )
}

/** The open payments of a wallet address end at `until` if they did not before. */
export async function shortenOpenPayments(db: Db, walletAddressId: string, until: Date, dueAt: Date): Promise<void> {
  await db.query(
    `update incoming_payments set expires_at = $2, due_at = $3, updated_at = now()
     where wallet_address_id = $1 and state in ('PENDING', 'PROCESSING') and expires_at > $2`,
    [walletAddressId, until, dueAt],
  )
}

/** How a payment is closed, and what is told of it. */
export interface Closing {
  readonly state: Extract<IncomingPaymentState, 'COMPLETED' | 'EXPIRED'>
  readonly receivedAmount: bigint
  /** The event that reports it; null when there is nothing to report, or not yet. */
  readonly finalEventId: string | null
  /** Set when the report waits for what is still arriving. */
  readonly dueAt: Date | null
  readonly now: Date
}

/** A payment as it stands after its closing: what its final event tells. */
export type ClosedPayment = ToldPayment & Pick<IncomingPayment, 'tenantId' | 'assetId'>

/** A call that belongs into the statement: its values are added to the statement's. */
type Call = (values: unknown[]) => string

/** Compare-and-set from an open state: of several that close a payment at once, one does; the others get undefined. */
export function closeOpenPayment(
  db: Db,
  id: string,
  closing: Closing,
  announcement: Call,
): Promise<ClosedPayment | undefined> {
  return close(db, id, closing, `state in ('PENDING', 'PROCESSING')`, announcement)
}

/**
 * The same for a payment nobody has changed since it was made, in one statement with the event that tells of it. Undefined:
 * it has been changed, and nothing is written.
 */
export async function closeUnchangedPayment(
  db: Queries,
  { id, updatedAt }: Pick<IncomingPayment, 'id' | 'updatedAt'>,
  { state, receivedAmount, finalEventId, dueAt, now }: Closing,
  announcement: Call,
  told: NewEvent,
): Promise<{ readonly isOurs: boolean } | undefined> {
  const values: unknown[] = [id, state, receivedAmount.toString(), finalEventId, dueAt, now, updatedAt]
  const [row] = await db.query<{ isOurs: boolean }>(
    `with closed as (
       update incoming_payments set state = $2, received_amount = $3::numeric, final_event_id = $4, due_at = $5,
         updated_at = $6::timestamptz, completed_at = case when $2 = 'COMPLETED' then $6::timestamptz end
       where id = $1 and state = 'PENDING' and updated_at = $7 returning id
     )
     select ${told.call(values)} as "isOurs", ${announcement(values)} as announced from closed`,
    values,
  )
  return row
}

/** Compare-and-set on the due time: the report of a payment that was closed before. */
export function closeReport(db: Db, id: string, closing: Closing): Promise<ClosedPayment | undefined> {
  return close(db, id, closing, `state = $2 and due_at is not null`)
}

type ClosedRow = Omit<ClosedPayment, 'incomingAmount' | 'receivedAmount'> & {
  readonly incomingAmount: string | null
  readonly receivedAmount: string
}

async function close(
  db: Db,
  id: string,
  closing: Closing,
  condition: string,
  announcement: Call = () => 'null',
): Promise<ClosedPayment | undefined> {
  const { state, receivedAmount, finalEventId, dueAt, now } = closing
  const values: unknown[] = [id, state, receivedAmount.toString(), finalEventId, dueAt, now]
  const [row]: ClosedRow[] = await db.query(
    `with closed as (
       update incoming_payments set state = $2, received_amount = greatest(received_amount, $3::numeric),
         final_event_id = $4, due_at = $5, updated_at = $6::timestamptz,
         completed_at = case when $2 = 'COMPLETED' then coalesce(completed_at, $6::timestamptz) end
       where id = $1 and ${condition}
       returning id, tenant_id as "tenantId", wallet_address_id as "walletAddressId", asset_id as "assetId", state,
         incoming_amount as "incomingAmount", received_amount as "receivedAmount", client, metadata,
         created_at as "createdAt", expires_at as "expiresAt", approved_at as "approvedAt", cancelled_at as "cancelledAt"
     )
     select closed.*, ${announcement(values)} as announced from closed`,
    values,
  )
  if (row === undefined) return undefined
  const { incomingAmount, receivedAmount: received } = row
  const amounts = {
    incomingAmount: incomingAmount === null ? null : BigInt(incomingAmount),
    receivedAmount: BigInt(received),
  }
  return { ...row, ...amounts }
}
