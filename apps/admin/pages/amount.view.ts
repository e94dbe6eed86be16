/** What an amount says of its asset. */
export interface AssetUnits {
  readonly code: string
  readonly scale: number
}

/** GraphQL's Amount. */
export function amountView(value: bigint, { code, scale }: AssetUnits) {
  return { value, assetCode: code, assetScale: scale }
}
