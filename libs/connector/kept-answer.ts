import { type Fulfill, fulfill } from '@kivuko/ilp'

const FULFILLMENT_BYTES = 32

/** A fulfill as the ledger keeps it: the fulfillment, then the data. */
export function keptFrom({ fulfillment, data }: Fulfill): Buffer {
  return Buffer.concat([fulfillment, data])
}

export function fulfillFrom(kept: Buffer): Fulfill {
  return fulfill(kept.subarray(0, FULFILLMENT_BYTES), kept.subarray(FULFILLMENT_BYTES))
}
