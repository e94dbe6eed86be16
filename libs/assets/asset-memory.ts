import { type AssetRow } from './asset.entity.js'
import type { Asset } from './asset.js'
import { toAsset } from './assets.queries.js'
import type { Fee, FeeType } from './fee.js'

/** All assets and the fees in force, for answers without a database. Deleted assets are known by their ledger only. */
export class AssetMemory {
  private readonly byId = new Map<string, Asset>()
  private readonly byLedger = new Map<number, Asset>()
  private readonly byCode = new Map<string, Asset>()
  private readonly fees = new Map<string, Fee>()

  get size(): number {
    return this.byLedger.size
  }

  all(): Iterable<Asset> {
    return this.byId.values()
  }

  find(id: string): Asset | undefined {
    return this.byId.get(id)
  }

  findByLedger(ledger: number): Asset | undefined {
    return this.byLedger.get(ledger)
  }

  findByCode(tenantId: string, code: string, scale: number): Asset | undefined {
    return this.byCode.get(codeKey(tenantId, code, scale))
  }

  fee(assetId: string, type: FeeType): Fee | undefined {
    return this.fees.get(feeKey(assetId, type))
  }

  put(row: AssetRow): Asset {
    const asset = toAsset(row)
    const key = codeKey(asset.tenantId, asset.code, asset.scale)
    this.byLedger.set(asset.ledger, asset)
    if (row.deletedAt === null) {
      this.byId.set(asset.id, asset)
      this.byCode.set(key, asset)
    } else {
      this.byId.delete(asset.id)
      this.byCode.delete(key)
    }
    return asset
  }

  putFee(fee: Fee): void {
    this.fees.set(feeKey(fee.assetId, fee.type), fee)
  }
}

function codeKey(tenantId: string, code: string, scale: number): string {
  return `${tenantId} ${scale} ${code}`
}

function feeKey(assetId: string, type: FeeType): string {
  return `${assetId} ${type}`
}
