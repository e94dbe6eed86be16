import { columnsOf, type Db, entityOf, type Queries } from '@kivuko/platform'
import { Quote } from '@kivuko/quotes'
import type { NewEvent } from '@kivuko/webhooks'
import { type OutgoingPaymentState, statesBefore } from './lifecycle.js'
import { OutgoingPayment } from './outgoing-payment.entity.js'
import type { Note } from './outgoing-payments.queries.js'

/** Takes a payment that is due, until the lease ends. Of several workers at once, one gets it; the others undefined. */
export async function claimForSending(
  db: Db,
  grouped: Queries,
  id: string,
  lease: string,
  leaseEndsAt: Date,
  note: Note,
): Promise<OutgoingPayment | undefined> {
  const from = { states: ['SENDING'], dueBy: note.at } as const
  const claim = changing(id, from, { lease, due_at: leaseEndsAt }, note)
  const [row] = await grouped.query<Record<string, unknown>>(
    `with ${claim.text} select ${columnsOf(db, OutgoingPayment, 'payment')}, ${columnsOf(db, Quote, 'quote')}
     from changed payment join quotes quote on quote.id = payment.id`,
    claim.values,
  )
  if (row === undefined) return undefined
  const payment = entityOf(db, OutgoingPayment, 'payment', row)
  payment.quote = entityOf(db, Quote, 'quote', row)
  return payment
}

/** Keeps a claimed payment. False: it was given to another, or has ended. */
export async function extendLease(db: Db, id: string, lease: string, leaseEndsAt: Date): Promise<boolean> {
  const [, affected]: [unknown[], number] = await db.query(
    `update outgoing_payments set due_at = $3 where id = $1 and lease = $2 and state = 'SENDING'`,
    [id, lease, leaseEndsAt],
  )
  return affected === 1
}

export function startSending(db: Queries, id: string, note: Note): Promise<boolean> {
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

/**
 * `lease`: of the attempt that ends it; undefined for one that nobody sends yet. `told`: the event of the end. Undefined:
 * the payment has changed meanwhile, and nothing is written.
 */
export async function endPayment(
  db: Queries,
  id: string,
  lease: string | undefined,
  ending: Ending,
  note: Note,
  told: NewEvent,
): Promise<{ readonly isOurs: boolean } | undefined> {
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
  const { text, values } = changing(id, { states: statesBefore(ending.state), lease }, set, note)
  const [row] = await db.query<{ isOurs: boolean }>(
    `with ${text} select ${told.call(values)} as "isOurs" from changed`,
    values,
  )
  return row
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

/** True: the change is made. */
async function change(...changed: [db: Queries, ...Parameters<typeof changing>]): Promise<boolean> {
  const [db, ...what] = changed
  const { text, values } = changing(...what)
  const rows = await db.query(`with ${text} select id from changed`, values)
  return rows.length === 1
}

/** Every change of a payment: compare-and-set and its timeline entry, in one statement, which goes on with `changed`. */
function changing(
  id: string,
  { states, lease, dueBy }: From,
  set: Partial<Record<Column, unknown>>,
  { at, step, cause }: Note,
): { readonly text: string; readonly values: unknown[] } {
  const fixed = [id, states, lease ?? null, dueBy ?? null, at, step, cause]
  const assignments = Object.keys(set).map((column, index) => `${column} = $${fixed.length + 1 + index}`)
  const text = `changed as (
       update outgoing_payments set updated_at = $5, ${assignments.join(', ')}
       where id = $1 and state = any($2::text[]) and ($3::uuid is null or lease = $3)
         and ($4::timestamptz is null or due_at <= $4)
       returning *
     ), noted as (
       insert into outgoing_payment_events (payment_id, at, step, cause) select id, $5, $6::text, $7::text from changed
     )`
  return { text, values: [...fixed, ...Object.values(set)] }
}
