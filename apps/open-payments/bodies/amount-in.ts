import { DomainError } from '@kivuko/platform'
import type { AssetUnits } from './amount.view.js'
import type { AmountBody } from './fields.js'

/** The value of an amount that must be in this asset; `name` is the member it came in. */
export function amountIn(asset: AssetUnits, name: string, amount: AmountBody | undefined): bigint | undefined {
  if (amount === undefined) return undefined
  if (amount.assetCode === asset.code && amount.assetScale === asset.scale) return amount.value
  const found = `${amount.assetCode.slice(0, 32)} with scale ${amount.assetScale}`
  const message = `invalid amount: ${name} must be in ${asset.code} with scale ${asset.scale}, found ${found}`
  throw new DomainError('invalid', 'InvalidAmount', message)
}
