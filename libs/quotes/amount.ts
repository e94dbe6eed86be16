/** An amount as doors take and give it: minor units, and which asset they are of. */
export interface Amount {
  readonly value: bigint
  readonly assetCode: string
  readonly assetScale: number
}

/** Payment rows hold unsigned 64-bit amounts, as packets do. */
export const MAX_AMOUNT = 2n ** 64n - 1n

export function amountOf(value: bigint, asset: { readonly code: string; readonly scale: number }): Amount {
  return { value, assetCode: asset.code, assetScale: asset.scale }
}

export function isOfAsset(amount: Amount, asset: { readonly code: string; readonly scale: number }): boolean {
  return amount.assetCode === asset.code && amount.assetScale === asset.scale
}

/** For people: `12.50 USD`, to the last digit of the asset's scale. */
export function amountText(value: bigint, { code, scale }: { readonly code: string; readonly scale: number }): string {
  const digits = value.toString().padStart(scale + 1, '0')
  const whole = digits.slice(0, digits.length - scale)
  return `${scale === 0 ? whole : `${whole}.${digits.slice(-scale)}`} ${code}`
}
