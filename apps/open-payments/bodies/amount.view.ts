/** What an amount says of its asset. */
export interface AssetUnits {
  readonly code: string
  readonly scale: number
}

export function amountView(value: bigint, { code, scale }: AssetUnits) {
  return { value: value.toString(), assetCode: code, assetScale: scale }
}
