import { DomainError } from '@kivuko/platform'
import type { AssetUnits } from '../pages/amount.view.js'
import type { AmountInput } from './fields.js'

/** The value of an amount that must be in this asset; `name` is the field it came in. */
export function amountIn(asset: AssetUnits, name: string, amount: AmountInput | undefined): bigint | undefined {
  if (amount === undefined) return undefined
  if (amount.assetCode === asset.code && amount.assetScale === asset.scale) return amount.value
  throw new DomainError(
    'invalid',
    'InvalidAmount',
    `${name} must be in ${asset.code} with scale ${asset.scale}, found ${amount.assetCode.slice(0, 32)} with scale ${amount.assetScale}`,
  )
}
