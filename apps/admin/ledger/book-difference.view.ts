import type { Asset } from '@kivuko/assets'
import type { DifferenceKind } from '@kivuko/connector'
import { differenceKinds, type ListedBookDifference } from '@kivuko/reports'
import { assetView } from '../assets/asset.view.js'

/** Where assets are found: in memory, so that a list of rows asks no database for each. */
export interface AssetsById {
  find(id: string): Asset | undefined
}

/** GraphQL's BookDifference. */
export function bookDifferenceView(row: ListedBookDifference, assets: AssetsById) {
  const asset = row.assetId === null ? undefined : assets.find(row.assetId)
  return {
    id: row.id,
    tenantId: row.tenantId,
    packetId: row.ledgerId,
    kind: nameOfKind(row.kind),
    state: row.closedAt === null ? 'OPEN' : 'CLOSED',
    peerId: row.peerId,
    peerName: row.peerName,
    sourcePeerId: row.sourcePeerId,
    paymentId: row.paymentId,
    asset: asset ? assetView(asset) : null,
    amount: row.amount,
    condition: row.condition?.toString('base64') ?? null,
    createdAt: row.createdAt.toISOString(),
    closedAt: row.closedAt?.toISOString() ?? null,
    closedReason: row.closedReason,
    closedAmount: row.closedAmount,
    closedBy: row.closedBy,
  }
}

/** GraphQL's BookDifferenceKind. */
export function nameOfKind(kind: DifferenceKind): string {
  return kind.toUpperCase().replaceAll('-', '_')
}

/** Kinds by their names in GraphQL. */
export const kindsByName: ReadonlyMap<string, DifferenceKind> = new Map(
  differenceKinds.map((kind) => [nameOfKind(kind), kind]),
)
