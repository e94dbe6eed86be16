import { AMOUNT_BYTES } from './limits.js'

/** The data of an F08 reject, by which a sender learns how large its packets may be (RFC 27). */
export interface AmountTooLarge {
  readonly receivedAmount: bigint
  readonly maximumAmount: bigint
}

export function encodeAmountTooLarge({ receivedAmount, maximumAmount }: AmountTooLarge): Buffer {
  const data = Buffer.allocUnsafe(2 * AMOUNT_BYTES)
  data.writeBigUInt64BE(receivedAmount, 0)
  data.writeBigUInt64BE(maximumAmount, AMOUNT_BYTES)
  return data
}

/** Undefined when the data of the reject carries no such pair. */
export function decodeAmountTooLarge(data: Buffer): AmountTooLarge | undefined {
  if (data.length < 2 * AMOUNT_BYTES) return undefined
  return { receivedAmount: data.readBigUInt64BE(0), maximumAmount: data.readBigUInt64BE(AMOUNT_BYTES) }
}
