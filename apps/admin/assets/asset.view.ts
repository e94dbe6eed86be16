import type { Asset, Fee } from '@kivuko/assets'

/** The fields of GraphQL's Asset that have no resolver of their own, and its tenant. */
export function assetView(asset: Asset) {
  return {
    id: asset.id,
    tenantId: asset.tenantId,
    code: asset.code,
    scale: asset.scale,
    withdrawalThreshold: asset.withdrawalThreshold,
    liquidityThreshold: asset.liquidityThreshold,
    createdAt: asset.createdAt.toISOString(),
  }
}

export type AssetView = ReturnType<typeof assetView>

export function feeView(fee: Fee) {
  return {
    id: fee.id,
    assetId: fee.assetId,
    type: fee.type,
    fixed: fee.fixed,
    basisPoints: fee.basisPoints,
    createdAt: fee.createdAt.toISOString(),
  }
}
