import { isSameAsset } from './check-limits.js'
import type { SpentAmounts } from './grant.js'
import type { Amount, Limits } from './limits.js'

/** What the payments from one asset to one other come to. */
export interface Total {
  readonly debitAmount: Amount
  readonly receiveAmount: Amount
}

/** One number for each side: in the limit's asset, else in the one asset there is. Assets are not added to each other. */
export function spentIn(totals: readonly Total[], limits: Limits): SpentAmounts {
  return {
    debitAmount: sum(
      totals.map(({ debitAmount }) => debitAmount),
      limits.debitAmount,
    ),
    receiveAmount: sum(
      totals.map(({ receiveAmount }) => receiveAmount),
      limits.receiveAmount,
    ),
  }
}

function sum(amounts: readonly Amount[], limit: Amount | undefined): Amount | null {
  const asset = limit ?? amounts[0]
  if (asset === undefined || amounts.length === 0) return null
  const counted = amounts.filter((amount) => isSameAsset(amount, asset))
  if (limit === undefined && counted.length < amounts.length) return null
  const { assetCode, assetScale } = asset
  return { value: counted.reduce((value, amount) => value + amount.value, 0n), assetCode, assetScale }
}
