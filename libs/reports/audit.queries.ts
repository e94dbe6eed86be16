import type { Db } from '@kivuko/platform'
import type { PaymentLine } from './audit.js'

/** Tables whose rows each have a ledger account of the same id. */
export const ACCOUNT_TABLES = {
  asset: 'assets',
  peer: 'peers',
  walletAddress: 'wallet_addresses',
  incomingPayment: 'incoming_payments',
  outgoingPayment: 'outgoing_payments',
} as const

export type AccountOwner = keyof typeof ACCOUNT_TABLES

export interface AssetRow {
  readonly id: string
  readonly ledger: number
  readonly name: string
}

export interface OutgoingRow {
  readonly id: string
  readonly state: string
  readonly debitAmount: bigint
  readonly sentAmount: bigint
}

export interface IncomingRow {
  readonly id: string
  readonly state: string
  readonly receivedAmount: bigint
}

export async function assetRows(db: Db): Promise<AssetRow[]> {
  return db.query(`SELECT id, ledger, code || '/' || scale AS name FROM assets ORDER BY ledger`)
}

export async function paymentCounts(db: Db): Promise<PaymentLine[]> {
  const rows: PaymentLine[] = await db.query(`
    SELECT 'outgoing' AS kind, state, count(*)::int AS count FROM outgoing_payments GROUP BY state
    UNION ALL
    SELECT 'incoming', state, count(*)::int FROM incoming_payments GROUP BY state
    ORDER BY 1 DESC, 2`)
  return rows
}

/** Payments that no money has come to: their accounts are opened by the first. */
const WITHOUT_MONEY: Partial<Record<AccountOwner, string>> = {
  incomingPayment: `state = 'PENDING' OR (state = 'EXPIRED' AND received_amount = 0)`,
  outgoingPayment: `state IN ('FUNDING', 'CANCELLED')`,
}

/** Ids of rows that must have an account, in order, after the last of the page before. */
export async function rowIds(db: Db, owner: AccountOwner, after: string | undefined, limit: number): Promise<string[]> {
  const sql = `SELECT id FROM ${ACCOUNT_TABLES[owner]}
    WHERE ($1::uuid IS NULL OR id > $1) AND NOT (${WITHOUT_MONEY[owner] ?? 'false'}) ORDER BY id LIMIT $2`
  const rows: { id: string }[] = await db.query(sql, [after ?? null, limit])
  return rows.map(({ id }) => id)
}

export async function existingIds(db: Db, owner: AccountOwner, ids: readonly string[]): Promise<ReadonlySet<string>> {
  const rows: { id: string }[] = await db.query(`SELECT id FROM ${ACCOUNT_TABLES[owner]} WHERE id = ANY($1::uuid[])`, [
    ids,
  ])
  return new Set(rows.map(({ id }) => id))
}

export async function outgoingRows(db: Db, after: string | undefined, limit: number): Promise<OutgoingRow[]> {
  const rows: Record<'id' | 'state' | 'debit' | 'sent', string>[] = await db.query(
    `SELECT p.id, p.state, q.debit_amount AS debit, p.sent_amount AS sent
       FROM outgoing_payments p JOIN quotes q ON q.id = p.id
      WHERE $1::uuid IS NULL OR p.id > $1 ORDER BY p.id LIMIT $2`,
    [after ?? null, limit],
  )
  return rows.map(({ id, state, debit, sent }) => ({ id, state, debitAmount: BigInt(debit), sentAmount: BigInt(sent) }))
}

export async function incomingRows(db: Db, after: string | undefined, limit: number): Promise<IncomingRow[]> {
  const rows: Record<'id' | 'state' | 'received', string>[] = await db.query(
    `SELECT id, state, received_amount AS received FROM incoming_payments
      WHERE $1::uuid IS NULL OR id > $1 ORDER BY id LIMIT $2`,
    [after ?? null, limit],
  )
  return rows.map(({ id, state, received }) => ({ id, state, receivedAmount: BigInt(received) }))
}

/** Names an account's owner for people: a peer by its name, everything else by what it is. */
export async function ownerName(db: Db, id: string): Promise<string> {
  const rows: { name: string }[] = await db.query(
    `SELECT 'peer ' || coalesce(name, static_ilp_address) || ' (' || id || ')' AS name FROM peers WHERE id = $1
     UNION ALL SELECT 'outgoing payment ' || id FROM outgoing_payments WHERE id = $1
     UNION ALL SELECT 'incoming payment ' || id FROM incoming_payments WHERE id = $1
     UNION ALL SELECT 'wallet address ' || address FROM wallet_addresses WHERE id = $1
     UNION ALL SELECT 'asset ' || code || '/' || scale FROM assets WHERE id = $1`,
    [id],
  )
  return rows[0]?.name ?? `account ${id}`
}
