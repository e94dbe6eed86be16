import { assert, type Db } from '@kivuko/platform'
import type { Grant, GrantedPayment } from './grant.js'
import type { Interval } from './interval.js'
import type { Total } from './spent-amounts.js'

/** Makes the grant's row if need be and holds it until the transaction ends: payments under one grant come one by one. */
export async function lockGrant(db: Db, { tenantId, id }: Grant, at: Date): Promise<void> {
  await db.query(
    'insert into outgoing_payment_grants (tenant_id, id, created_at) values ($1, $2, $3) on conflict do nothing',
    [tenantId, id, at],
  )
  const rows: unknown[] = await db.query(
    'select 1 from outgoing_payment_grants where tenant_id = $1 and id = $2 for no key update',
    [tenantId, id],
  )
  assert(rows.length === 1, 'a grant that payments are made under has a row')
}

interface TotalRow {
  readonly debit_value: string
  readonly debit_asset_code: string
  readonly debit_asset_scale: number
  readonly receive_value: string
  readonly receive_asset_code: string
  readonly receive_asset_scale: number
}

/** What an interval's payments come to; without an interval, all of the grant's. */
export async function readTotals(db: Db, grant: Grant, interval: Interval | undefined): Promise<Total[]> {
  const rows: TotalRow[] = await db.query(
    `select debit_value, debit_asset_code, debit_asset_scale, receive_value, receive_asset_code, receive_asset_scale
     from outgoing_payment_grant_totals where tenant_id = $1 and grant_id = $2 and interval_start = $3
     order by debit_asset_code, receive_asset_code`,
    [grant.tenantId, grant.id, startOf(interval)],
  )
  return rows.map((row) => ({
    debitAmount: {
      value: BigInt(row.debit_value),
      assetCode: row.debit_asset_code,
      assetScale: row.debit_asset_scale,
    },
    receiveAmount: {
      value: BigInt(row.receive_value),
      assetCode: row.receive_asset_code,
      assetScale: row.receive_asset_scale,
    },
  }))
}

/** Notes what a payment takes of its grant, and adds it to the interval's total. */
export async function insertSpentAmounts(
  db: Db,
  grant: Grant,
  payment: GrantedPayment,
  interval: Interval | undefined,
  at: Date,
): Promise<void> {
  const { debitAmount, receiveAmount } = payment
  const assets = [debitAmount.assetCode, debitAmount.assetScale, receiveAmount.assetCode, receiveAmount.assetScale]
  const values = [debitAmount.value.toString(), receiveAmount.value.toString()]
  await db.query(
    `with spent as (
       insert into outgoing_payment_grant_spent_amounts (payment_id, created_at, tenant_id, grant_id, interval_start,
         debit_asset_code, debit_asset_scale, receive_asset_code, receive_asset_scale, debit_value, receive_value)
       values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11) returning *
     )
     insert into outgoing_payment_grant_totals as total (tenant_id, grant_id, interval_start,
       debit_asset_code, debit_asset_scale, receive_asset_code, receive_asset_scale, debit_value, receive_value)
     select tenant_id, grant_id, interval_start,
       debit_asset_code, debit_asset_scale, receive_asset_code, receive_asset_scale, debit_value, receive_value
     from spent
     on conflict on constraint outgoing_payment_grant_totals_pkey do update set
       debit_value = total.debit_value + excluded.debit_value,
       receive_value = total.receive_value + excluded.receive_value`,
    [payment.id, at, grant.tenantId, grant.id, startOf(interval), ...assets, ...values],
  )
}

/** What a payment that has ended keeps of its grant. An absent debit value keeps all of it. */
export interface Kept {
  readonly debitValue?: bigint
  readonly receiveValue: bigint
}

/** Lowers a payment's amounts to what it keeps, and its interval's total with them; a second time changes nothing. */
export async function lowerSpentAmounts(db: Db, paymentId: string, kept: Kept, at: Date): Promise<void> {
  await db.query(
    `with held as (
       select * from outgoing_payment_grant_spent_amounts where payment_id = $1 and settled_at is null for update
     ), settled as (
       update outgoing_payment_grant_spent_amounts spent set
         debit_value = least(held.debit_value, coalesce($2::numeric, held.debit_value)),
         receive_value = least(held.receive_value, $3::numeric),
         settled_at = $4
       from held where spent.payment_id = held.payment_id
       returning spent.debit_value, spent.receive_value
     )
     update outgoing_payment_grant_totals total set
       debit_value = total.debit_value - held.debit_value + settled.debit_value,
       receive_value = total.receive_value - held.receive_value + settled.receive_value
     from held, settled
     where total.tenant_id = held.tenant_id and total.grant_id = held.grant_id
       and total.interval_start = held.interval_start
       and total.debit_asset_code = held.debit_asset_code and total.debit_asset_scale = held.debit_asset_scale
       and total.receive_asset_code = held.receive_asset_code and total.receive_asset_scale = held.receive_asset_scale`,
    [paymentId, kept.debitValue?.toString() ?? null, kept.receiveValue.toString(), at],
  )
}

// A grant without an interval has one that began before all time.
function startOf(interval: Interval | undefined): Date | string {
  return interval === undefined ? '-infinity' : new Date(interval.startMs)
}
