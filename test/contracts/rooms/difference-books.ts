import { randomUUID } from 'node:crypto'
import {
  AccountCode,
  derivedId,
  idFromUuid,
  type Ledger,
  type LedgerId,
  type Leg,
  lateChargeId,
  paymentLegs,
  TransferCode,
  uuidFromId,
} from '@kivuko/accounting'
import type { DifferenceKind } from '@kivuko/connector'
import { createDataSource, type DataSource, ManualClock } from '@kivuko/platform'
import { AuditReport, DifferenceClosing, type OpenDifference } from '@kivuko/reports'
import { roomsEntities } from '@kivuko/rooms'
import { type HandMadeDifference, noteDifference } from '../../harness/book-differences.js'
import { type FreshDatabase, freshDatabase } from '../../harness/postgres.js'
import { insertTenant } from '../../harness/tenants.js'
import type { LedgerAdapter, LedgerSubject } from '../ledger/subject.js'
import { OPERATOR, OTHER_TENANT } from './rooms-process.js'

/** Whatever a ledger's clock says, the audit comes later. */
export const auditedAt = new Date(Date.UTC(2040, 0))

/** What became of a packet in the ledger. `late`: charged after its reservation had ended so. */
export type LedgerState = 'absent' | 'pending' | 'posted' | 'voided' | 'expired' | 'expired, late' | 'voided, late'

export const ledgerStates = [
  'absent',
  'pending',
  'posted',
  'voided',
  'expired',
  'expired, late',
  'voided, late',
] as const satisfies readonly LedgerState[]

interface Side {
  readonly id: string
  readonly accountId: LedgerId
  readonly asset: { readonly id: string; readonly ledger: number }
}

/** Rows and a ledger as a node leaves them: two assets, three peers, and packets between them in every state. */
export class DifferenceBooks {
  private made = 0

  private constructor(
    readonly database: FreshDatabase,
    readonly dataSource: DataSource,
    private readonly subject: LedgerSubject,
    readonly peers: Readonly<Record<'alice' | 'bob' | 'carl', Side>>,
  ) {}

  static async open(adapter: LedgerAdapter): Promise<DifferenceBooks> {
    const database = await freshDatabase('differences')
    for (const id of [OPERATOR, OTHER_TENANT]) await insertTenant(database, id)
    const subject = await adapter.open()
    const dataSource = createDataSource({
      ...{ url: database.url, poolSize: 2, applicationName: 'differences', entities: roomsEntities },
      onPoolError: (error) => console.error(error),
    })
    await dataSource.initialize()
    const usd = await openAsset(database, subject.ledger, 'USD')
    const eur = await openAsset(database, subject.ledger, 'EUR')
    const peers = {
      alice: await openPeer(database, subject.ledger, 'alice', usd),
      bob: await openPeer(database, subject.ledger, 'bob', usd),
      carl: await openPeer(database, subject.ledger, 'carl', eur),
    }
    return new DifferenceBooks(database, dataSource, subject, peers)
  }

  get ledger(): Ledger {
    return this.subject.ledger
  }

  /** What an audit lists, beside whatever else it finds in a ledger that belongs to no node. */
  async listed(): Promise<readonly OpenDifference[]> {
    const clock = new ManualClock(auditedAt.getTime())
    return (await new AuditReport(this.dataSource, this.ledger, clock, 1).run()).differences.packets
  }

  closing(): DifferenceClosing {
    return new DifferenceClosing(this.dataSource, this.ledger, new ManualClock(auditedAt.getTime()))
  }

  newPacketId(): LedgerId {
    this.made += 1
    return derivedId('packet', BigInt(this.made), process.pid.toString())
  }

  /** The legs of a packet, from alice to bob unless said otherwise. */
  legs(id: LedgerId, amounts: { from?: Side; to?: Side; sent?: bigint; arrives?: bigint } = {}): Leg[] {
    const { from = this.peers.alice, to = this.peers.bob, sent = 10n, arrives = sent } = amounts
    return paymentLegs({ id, source: from, destination: to, sourceAmount: sent, destinationAmount: arrives })
  }

  async expired(legs: readonly Leg[]): Promise<void> {
    await this.ledger.reserve(legs, 1)
    await this.subject.expire(legs.map(({ id }) => id))
  }

  /** Charges a packet after its reservation has ended, at one of the attempts that there may be. */
  async chargeLate(packetId: LedgerId, attempt: number): Promise<void> {
    await this.ledger.transfer(this.legs(lateChargeId(packetId, attempt)))
  }

  /** A packet of ten units from alice to bob for each of these, in its state. */
  async packetsIn(states: readonly LedgerState[]): Promise<LedgerId[]> {
    const packets = states.map((state) => ({ state, id: this.newPacketId() }))
    for (const { state, id } of packets) {
      if (state === 'absent') continue
      await this.ledger.reserve(this.legs(id), state.startsWith('expired') ? 1 : 600)
      if (state === 'posted') await this.ledger.post([id])
      if (state.startsWith('voided')) await this.ledger.void([id])
    }
    await this.subject.expire(packets.filter(({ state }) => state.startsWith('expired')).map(({ id }) => id))
    for (const [index, { state, id }] of packets.entries())
      if (state.endsWith('late')) await this.chargeLate(id, index % 4)
    return packets.map(({ id }) => id)
  }

  /** A packet from alice to bob, unless said otherwise. */
  note(kind: DifferenceKind, packetId: LedgerId, changes: Partial<HandMadeDifference> = {}): Promise<string> {
    const ids = { packetId: uuidFromId(packetId), peerId: this.peers.bob.id, sourcePeerId: this.peers.alice.id }
    return noteDifference(this.database, { tenantId: OPERATOR, kind, ...ids, ...changes })
  }

  /** Closes every row by hand. */
  async closeRows(): Promise<void> {
    await this.database.query("update book_differences set closed_at = now(), closed_reason = 'by hand'")
  }

  async forgetRows(): Promise<void> {
    await this.database.query('delete from book_differences')
  }

  async close(): Promise<void> {
    await this.dataSource.destroy()
    await this.subject.close()
    await this.database.drop()
  }
}

/** A leg with another code, as an operator's withdrawal has. */
export function asWithdrawal(leg: Leg): Leg {
  return { ...leg, code: TransferCode.withdrawal }
}

async function openAsset(database: FreshDatabase, ledger: Ledger, code: string): Promise<Side['asset']> {
  const id = randomUUID()
  const insert = 'insert into assets (id, tenant_id, code, scale) values ($1, $2, $3, 2) returning ledger'
  const [row] = await database.query(insert, [id, OPERATOR, code])
  const asset = { id, ledger: Number(row?.ledger) }
  const account = { id: idFromUuid(id), ledger: asset.ledger, code: AccountCode.asset, limit: 'none' } as const
  await ledger.openAccounts([account])
  return asset
}

async function openPeer(database: FreshDatabase, ledger: Ledger, name: string, asset: Side['asset']): Promise<Side> {
  const id = randomUUID()
  const insert = `insert into peers (id, tenant_id, asset_id, name, static_ilp_address, routes, outgoing_endpoint, outgoing_token)
    values ($1, $2, $3, $4, $5, '{}', 'http://127.0.0.1:9', '')`
  await database.query(insert, [id, OPERATOR, asset.id, name, `test.${name}`])
  const accountId = idFromUuid(id)
  await ledger.openAccounts([{ id: accountId, ledger: asset.ledger, code: AccountCode.peer, limit: 'none' }])
  return { id, accountId, asset }
}
