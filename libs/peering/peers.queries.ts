import type { TenantScope } from '@kivuko/assets'
import { type Db, type Page, type PageRequest, readPage } from '@kivuko/platform'
import { In, IsNull } from 'typeorm'
import { IncomingTokenRow } from './incoming-token.entity.js'
import { hashToken } from './incoming-tokens.js'
import { PeerRow } from './peer.entity.js'
import type { PeerValues } from './peer-rows.js'

export async function insertPeer(db: Db, peer: PeerValues): Promise<void> {
  await db.insert(PeerRow, peer)
}

export async function updatePeer(db: Db, id: string, change: Partial<PeerValues>): Promise<void> {
  await db.update(PeerRow, { id }, { ...change, updatedAt: () => 'now()' })
}

/** Locks the row until the transaction ends, so that two changes of one peer follow each other. */
export function lockPeer(db: Db, id: string): Promise<PeerRow | null> {
  return db.findOne(PeerRow, { where: { id, deletedAt: IsNull() }, lock: { mode: 'pessimistic_write' } })
}

export async function markPeerDeleted(db: Db, id: string): Promise<void> {
  await db.delete(IncomingTokenRow, { peerId: id })
  const secrets = { outgoingToken: Buffer.alloc(0), incomingJwtSubject: null, incomingJwtSecrets: null }
  await db.update(PeerRow, { id }, { ...secrets, deletedAt: () => 'now()', updatedAt: () => 'now()' })
}

export async function replaceTokens(
  db: Db,
  { id, tenantId }: Pick<PeerRow, 'id' | 'tenantId'>,
  tokens: readonly string[],
): Promise<void> {
  await db.delete(IncomingTokenRow, { peerId: id })
  await db.insert(
    IncomingTokenRow,
    tokens.map((token) => ({ sha256: hashToken(token), peerId: id, tenantId })),
  )
}

/** Of its own, a peer may be given again what it has. */
export async function addTokens(
  db: Db,
  { id, tenantId }: Pick<PeerRow, 'id' | 'tenantId'>,
  tokens: readonly string[],
): Promise<number> {
  const kept = await db.find(IncomingTokenRow, { where: { peerId: id } })
  const known = new Set(kept.map(({ sha256 }) => sha256.toString('base64')))
  const added = tokens.map(hashToken).filter((sha256) => !known.has(sha256.toString('base64')))
  await db.insert(
    IncomingTokenRow,
    added.map((sha256) => ({ sha256, peerId: id, tenantId })),
  )
  return kept.length + added.length
}

/** Unless they were changed again since `row` was read. */
export async function setBalanceLimits(
  db: Db,
  { id, balanceLimitsRevision }: Pick<PeerRow, 'id' | 'balanceLimitsRevision'>,
  limits: Pick<PeerRow, 'creditLine' | 'maximumBalance'>,
): Promise<void> {
  const change = { ...limits, balanceLimitsRevision: balanceLimitsRevision + 1, updatedAt: () => 'now()' }
  await db.update(PeerRow, { id, balanceLimitsRevision }, change)
}

/** The deposit asked for at creation stands in the ledger. */
export async function clearPendingDeposit(db: Db, id: string): Promise<void> {
  await db.update(PeerRow, { id }, { pendingDeposit: null })
}

export function readPeers(db: Db, ids: readonly string[] | undefined): Promise<PeerRow[]> {
  return db.find(PeerRow, {
    where: ids === undefined ? { deletedAt: IsNull() } : { id: In([...ids]), deletedAt: IsNull() },
  })
}

export async function readTokenDigests(
  db: Db,
  peerIds: readonly string[] | undefined,
): Promise<ReadonlyMap<string, readonly Buffer[]>> {
  const tokens = await db.find(IncomingTokenRow, { where: peerIds === undefined ? {} : { peerId: In([...peerIds]) } })
  const digests = new Map<string, Buffer[]>()
  for (const { peerId, sha256 } of tokens) digests.set(peerId, [...(digests.get(peerId) ?? []), sha256])
  return digests
}

/** Also a deleted peer's: its liquidity can still be withdrawn. */
export function readPeerEvenDeleted(db: Db, id: string): Promise<PeerRow | null> {
  return db.findOneBy(PeerRow, { id })
}

export function readPeersPage(db: Db, tenantId: TenantScope, page: PageRequest): Promise<Page<PeerRow>> {
  return readPage(db.createQueryBuilder(PeerRow, 'peer').where('peer.deletedAt is null'), page, { tenantId })
}

export async function isAssetUsedByPeer(db: Db, assetId: string): Promise<boolean> {
  return db.existsBy(PeerRow, { assetId, deletedAt: IsNull() })
}
