import { feeCeil } from '@kivuko/assets'
import { deliverableFloor, neededCeil, type PathPrice } from '@kivuko/payment-methods'

/** What the operator takes: a fixed amount in the sender's minor unit, and basis points of the amount. */
export interface QuoteFee {
  readonly fixed: bigint
  readonly basisPoints: number
}

export const NO_FEE: QuoteFee = { fixed: 0n, basisPoints: 0 }

/** One of the two amounts is given: what leaves in all (`debitAmount`, fees included), or what arrives. */
export type WantedAmount = { readonly debitAmount: bigint } | { readonly receiveAmount: bigint }

/** A promise: at least `receiveAmount` arrives, and at most `debitAmount` leaves, fees included. */
export interface QuotedAmounts {
  readonly debitAmount: bigint
  /** What may be sent: the rest of `debitAmount` is the fee. */
  readonly debitAmountMinusFees: bigint
  readonly receiveAmount: bigint
}

/** `minSendAmount`: the least `debitAmount` that would pass; absent when none would. */
export type PricedQuote =
  | ({ readonly kind: 'accepted' } & QuotedAmounts)
  | { readonly kind: 'refused'; readonly minSendAmount?: bigint }

type Price = Pick<PathPrice, 'guaranteedRate' | 'maxPacketAmount'>

const WHOLE_IN_BASIS_POINTS = 10_000n

/**
 * Prices a payment exactly. Every rounding is against the promise: what arrives is rounded down, what leaves is rounded
 * up. Amounts are in minor units; a given amount is positive.
 */
export function priceQuote(wanted: WantedAmount, fee: QuoteFee, price: Price): PricedQuote {
  const path = { rate: price.guaranteedRate, maxPacketAmount: price.maxPacketAmount }
  return 'debitAmount' in wanted
    ? fixedSend(wanted.debitAmount, fee, path)
    : fixedReceive(wanted.receiveAmount, fee, path)
}

type Path = Parameters<typeof deliverableFloor>[1]

function fixedSend(debitAmount: bigint, fee: QuoteFee, path: Path): PricedQuote {
  const debitAmountMinusFees = debitAmount - feeCeil(fee, debitAmount)
  const receiveAmount = debitAmountMinusFees > 0n ? deliverableFloor(debitAmountMinusFees, path) : 0n
  if (receiveAmount > 0n) return { kind: 'accepted', debitAmount, debitAmountMinusFees, receiveAmount }
  const leastToSend = neededCeil(1n, path)
  return { kind: 'refused', minSendAmount: leastToSend === undefined ? undefined : withFeeCeil(leastToSend, fee) }
}

function fixedReceive(receiveAmount: bigint, fee: QuoteFee, path: Path): PricedQuote {
  const debitAmountMinusFees = neededCeil(receiveAmount, path)
  if (debitAmountMinusFees === undefined) return { kind: 'refused' }
  const debitAmount = debitAmountMinusFees + feeCeil(fee, debitAmountMinusFees)
  return { kind: 'accepted', debitAmount, debitAmountMinusFees, receiveAmount }
}

/** The least amount of which `net` is left after the fee on the whole of it; undefined when the fee takes everything. */
export function withFeeCeil(net: bigint, { fixed, basisPoints }: QuoteFee): bigint | undefined {
  const kept = WHOLE_IN_BASIS_POINTS - BigInt(basisPoints)
  return kept === 0n ? undefined : ((net + fixed) * WHOLE_IN_BASIS_POINTS + kept - 1n) / kept
}
