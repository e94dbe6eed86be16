import type { Db } from '@kivuko/platform'

/** When an event is due: at once from so much unreported money on; else after a delay, if there is one. */
export interface ReportRule {
  readonly threshold: bigint | null
  readonly delayMs: number | undefined
}

/** Notes when the money is to be reported; an earlier time that was noted before stays. Returns whether that is now. */
export async function scheduleReport(
  db: Db,
  walletAddressId: string,
  received: bigint,
  { threshold, delayMs }: ReportRule,
  now: Date,
): Promise<boolean> {
  const later = delayMs === undefined ? null : new Date(now.getTime() + delayMs)
  const rows: { due: boolean | null }[] = await db.query(
    `insert into wallet_address_receipts as receipts (wallet_address_id, received_amount, due_at)
     values ($1, $2::numeric, case when $2::numeric >= $3::numeric then $4::timestamptz else $5::timestamptz end)
     on conflict (wallet_address_id) do update set
       received_amount = greatest(receipts.received_amount, $2::numeric), due_at = case
       when $2::numeric <= receipts.reported_amount then receipts.due_at
       when $2::numeric - receipts.reported_amount >= $3::numeric then least(receipts.due_at, $4::timestamptz)
       else coalesce(receipts.due_at, $5::timestamptz) end
     returning due_at <= $4::timestamptz as due`,
    [walletAddressId, received.toString(), threshold?.toString() ?? null, now, later],
  )
  return rows[0]?.due ?? false
}

/** Holds the row until the transaction ends. Undefined: nothing is due. */
export async function lockDueReport(db: Db, walletAddressId: string, now: Date): Promise<bigint | undefined> {
  const [row]: { reported_amount: string }[] = await db.query(
    `select reported_amount from wallet_address_receipts where wallet_address_id = $1 and due_at <= $2 for update`,
    [walletAddressId, now],
  )
  return row && BigInt(row.reported_amount)
}

/** The report was made; an older reading of the ledger takes nothing back. */
export async function noteReported(db: Db, walletAddressId: string, reportedAmount: bigint): Promise<void> {
  await db.query(
    `update wallet_address_receipts set reported_amount = greatest(reported_amount, $2::numeric),
       received_amount = greatest(received_amount, $2::numeric), due_at = null where wallet_address_id = $1`,
    [walletAddressId, reportedAmount.toString()],
  )
}

export async function dueReports(db: Db, now: Date, limit: number): Promise<string[]> {
  const rows: { wallet_address_id: string }[] = await db.query(
    'select wallet_address_id from wallet_address_receipts where due_at <= $1 order by due_at limit $2',
    [now, limit],
  )
  return rows.map((row) => row.wallet_address_id)
}

/** Makes reports due whose time has not come, or never would: of so many wallet addresses with untold money. */
export async function hastenReports(db: Db, tenantId: string | undefined, limit: number, now: Date): Promise<string[]> {
  const [rows]: [{ wallet_address_id: string }[], number] = await db.query(
    `update wallet_address_receipts set due_at = least(due_at, $3::timestamptz) where wallet_address_id in (
       select receipts.wallet_address_id from wallet_address_receipts receipts
       join wallet_addresses owner on owner.id = receipts.wallet_address_id
       where receipts.received_amount > receipts.reported_amount and ($1::uuid is null or owner.tenant_id = $1)
       order by receipts.due_at, receipts.wallet_address_id limit $2 for update of receipts skip locked)
     returning wallet_address_id`,
    [tenantId ?? null, limit, now],
  )
  return rows.map((row) => row.wallet_address_id)
}

/** What was noted as received, by wallet address; absent where nothing ever was. */
export async function notedReceipts(db: Db, ids: readonly string[]): Promise<ReadonlyMap<string, bigint>> {
  const rows: { wallet_address_id: string; received_amount: string }[] = await db.query(
    'select wallet_address_id, received_amount from wallet_address_receipts where wallet_address_id = any($1::uuid[])',
    [ids],
  )
  return new Map(rows.map((row) => [row.wallet_address_id, BigInt(row.received_amount)]))
}
