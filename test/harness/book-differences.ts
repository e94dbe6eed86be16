import { randomUUID } from 'node:crypto'
import type { DifferenceKind } from '@kivuko/connector'
import type { FreshDatabase } from './postgres.js'

/** A row of `book_differences`, by hand; what is left out is a packet of ten units that nobody asked for. */
export interface HandMadeDifference {
  readonly tenantId: string
  readonly kind?: DifferenceKind
  readonly packetId?: string
  readonly peerId?: string
  readonly sourcePeerId?: string
  readonly paymentId?: string
  readonly amount?: bigint
  readonly condition?: Buffer
  readonly notedAt?: Date
}

const INSERT = `insert into book_differences
  (id, ledger_id, kind, tenant_id, peer_id, source_peer_id, payment_id, amount, condition, noted_at)
  values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)`
const NOTED_AT = new Date(Date.UTC(2026, 0))

/** Writes a difference as the connector does; returns its id. */
export async function noteDifference(database: FreshDatabase, difference: HandMadeDifference): Promise<string> {
  const { tenantId, kind = 'released', packetId = randomUUID(), amount = 10n, notedAt = NOTED_AT } = difference
  const { peerId = null, sourcePeerId = null, paymentId = null, condition = null } = difference
  const id = randomUUID()
  const values = [id, packetId, kind, tenantId, peerId, sourcePeerId, paymentId, `${amount}`, condition, notedAt]
  await database.query(INSERT, values)
  return id
}
