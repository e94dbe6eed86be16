import { idFromUuid, type LedgerId, type LedgerTransfer, legId, TransferCode, uuidFromId } from '@kivuko/accounting'
import type { Db } from '@kivuko/platform'
import { chargeIdsOf, isCharged } from './difference-state.js'
import { differencesKeptSince, notedPackets } from './differences.queries.js'
import { type Ground, pagesOf } from './ground.js'

/** A packet whose reservation its timeout released, of which nothing was noted: its next hop may charge it, we do not. */
export interface ExpiredPacket {
  readonly packetId: string
  /** Whose the source is. */
  readonly tenantId: string
  readonly peerId: string
  readonly peer: string
  readonly sourcePeerId: string | undefined
  /** In the peer's asset. */
  readonly amount: bigint
  readonly asset: string
  readonly expiredAt: Date
}

type Sources = Pick<Ground, 'db' | 'ledger'>

/** Every such packet whose time was up by `expiredUntil`, by pages. */
export async function* expiredPackets(sources: Sources, expiredUntil?: Date): AsyncGenerator<readonly ExpiredPacket[]> {
  const since = await differencesKeptSince(sources.db)
  const readPage = (after: LedgerId | undefined, limit: number) =>
    sources.ledger.expiredReservations({ limit, after, since })
  for await (const page of pagesOf<LedgerTransfer, LedgerId>(readPage, ({ id }) => id)) {
    const found = await packetsIn(sources, page)
    yield found.filter(({ expiredAt }) => expiredUntil === undefined || expiredAt <= expiredUntil)
  }
}

/** The packet of this id, when it is such a one. */
export async function expiredPacket(sources: Sources, packetId: string): Promise<ExpiredPacket | undefined> {
  const id = idFromUuid(packetId)
  const transfer = (await sources.ledger.lookup([id])).get(id)
  if (transfer?.state !== 'expired') return undefined
  return (await packetsIn(sources, [transfer]))[0]
}

/** The packets whose first leg is among these: those not charged late, nor noted, and that went to a peer. */
async function packetsIn({ db, ledger }: Sources, expired: readonly LedgerTransfer[]): Promise<ExpiredPacket[]> {
  const legs = expired.filter(({ code }) => code === TransferCode.transfer)
  const noted = await notedPackets(
    db,
    legs.map(({ id }) => uuidFromId(id)),
  )
  const unnoted = legs.filter(({ id }) => !noted.has(uuidFromId(id)))
  const transfers = await ledger.lookup(unnoted.flatMap(({ id }) => [...chargeIdsOf(id), legId(id, 1)]))
  const open = unnoted.filter(({ id }) => !isCharged(id, transfers))
  const accounts = await readAccounts(
    db,
    open.flatMap((leg) => [leg, transfers.get(legId(leg.id, 1)) ?? leg]),
  )
  return open.flatMap((first) => packetOf(first, transfers.get(legId(first.id, 1)), accounts) ?? [])
}

/** Undefined for a leg that is not a packet's first, and for a packet that ended at no peer. */
function packetOf(
  first: LedgerTransfer,
  second: LedgerTransfer | undefined,
  { peers, assets }: Accounts,
): ExpiredPacket | undefined {
  // A second leg is told by the asset's account that it comes from or, of a surplus, ends at.
  if (assets.has(uuidFromId(first.debitAccountId))) return undefined
  const legs = second ? [first, second] : [first]
  const to = legs.find(({ creditAccountId }) => peers.has(uuidFromId(creditAccountId)))
  const peer = to && peers.get(uuidFromId(to.creditAccountId))
  if (!to || !peer) return undefined
  const source = peers.get(uuidFromId(first.debitAccountId))
  const paid = legs.filter(({ creditAccountId }) => creditAccountId === to.creditAccountId)
  return {
    packetId: uuidFromId(first.id),
    tenantId: (source ?? peer).tenantId,
    peerId: peer.id,
    peer: peer.name,
    sourcePeerId: source?.id,
    amount: paid.reduce((sum, { amount }) => sum + amount, 0n),
    asset: peer.asset,
    expiredAt: first.expiresAt ?? first.createdAt,
  }
}

interface NamedPeer {
  readonly id: string
  readonly tenantId: string
  readonly name: string
  readonly asset: string
}

interface Accounts {
  readonly peers: ReadonlyMap<string, NamedPeer>
  readonly assets: ReadonlySet<string>
}

async function readAccounts(db: Db, legs: readonly LedgerTransfer[]): Promise<Accounts> {
  const sides = legs.flatMap(({ debitAccountId, creditAccountId }) => [debitAccountId, creditAccountId])
  const ids = [...new Set(sides)].map(uuidFromId)
  const peers: NamedPeer[] = await db.query(
    `SELECT p.id, p.tenant_id AS "tenantId", coalesce(p.name, p.static_ilp_address) AS name,
            a.code || '/' || a.scale AS asset
       FROM peers p JOIN assets a ON a.id = p.asset_id WHERE p.id = ANY($1::uuid[])`,
    [ids],
  )
  const assets: { id: string }[] = await db.query('SELECT id FROM assets WHERE id = ANY($1::uuid[])', [ids])
  return {
    peers: new Map(peers.map((peer) => [peer.id, peer])),
    assets: new Set(assets.map(({ id }) => id)),
  }
}
