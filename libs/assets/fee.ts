export type FeeType = 'SENDING' | 'RECEIVING'

/** What the operator takes on a payment: a fixed amount in the asset's minor unit, and hundredths of a percent. */
export interface Fee {
  readonly id: string
  readonly tenantId: string
  readonly assetId: string
  readonly type: FeeType
  readonly fixed: bigint
  readonly basisPoints: number
  readonly createdAt: Date
}

/** The newest fee of a type is in force; 0 and 0 takes no fee. */
export interface NewFee {
  readonly tenantId: string
  readonly assetId: string
  readonly type: FeeType
  readonly fixed: bigint
  readonly basisPoints: number
}

/** 10,000 basis points are the whole amount. */
export const WHOLE_IN_BASIS_POINTS = 10_000

/** The fee on an amount, rounded up: a fraction of a minor unit is the payer's. */
export function feeCeil(fee: Pick<Fee, 'fixed' | 'basisPoints'>, amount: bigint): bigint {
  const whole = BigInt(WHOLE_IN_BASIS_POINTS)
  return (amount * BigInt(fee.basisPoints) + whole - 1n) / whole + fee.fixed
}
