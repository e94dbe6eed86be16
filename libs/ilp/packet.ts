import type { IlpErrorCode } from './error-codes.js'

/** An offer of `amount` (minor units of the link's asset) for the fulfillment of `executionCondition` before `expiresAt`. */
export interface Prepare {
  readonly amount: bigint
  readonly expiresAt: Date
  readonly executionCondition: Buffer
  readonly destination: string
  readonly data: Buffer
}

export type Fulfill = { readonly type: 'fulfill'; readonly fulfillment: Buffer; readonly data: Buffer }

export type Reject = {
  readonly type: 'reject'
  readonly code: IlpErrorCode
  /** The address of the node that refused; empty when it has none. */
  readonly triggeredBy: string
  readonly message: string
  readonly data: Buffer
}

export type Reply = Fulfill | Reject

export const EMPTY = Buffer.alloc(0)

export function fulfill(fulfillment: Buffer, data: Buffer = EMPTY): Fulfill {
  return { type: 'fulfill', fulfillment, data }
}

export function reject(code: IlpErrorCode, triggeredBy: string, message: string, data: Buffer = EMPTY): Reject {
  return { type: 'reject', code, triggeredBy, message, data }
}
