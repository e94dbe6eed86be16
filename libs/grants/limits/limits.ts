/** An amount in the minor unit of an asset. */
export interface Amount {
  readonly value: bigint
  readonly assetCode: string
  readonly assetScale: number
}

/** What a grant lets its outgoing payments come to: per interval if it names one, else in all. */
export interface Limits {
  /** The one incoming payment that may be paid. */
  readonly receiver?: string
  /** ISO 8601 repeating interval. */
  readonly interval?: string
  readonly debitAmount?: Amount
  readonly receiveAmount?: Amount
}
