import { deliverableFloor, type PathPrice } from '@kivuko/payment-methods'

/** What has left the payment's account, and what of that has arrived in the receiver's minor unit: one goes with the other. */
export interface Delivered {
  readonly sentAmount: bigint
  readonly deliveredAmount: bigint
}

/** What is to be explained: by packets of unknown end, each of which has arrived or has not. */
export interface Unexplained<Packet> {
  readonly packets: readonly Packet[]
  /** All that the receiver has received since the payment was made. */
  readonly receivedAmount: bigint
  readonly known: Delivered
  /** By the ledger now: what was posted beyond `known` has arrived, nobody wrote down how much of it. */
  readonly postedAmount: bigint
  readonly price: Pick<PathPrice, 'guaranteedRate' | 'lowRate' | 'highRate' | 'maxPacketAmount'>
}

export interface Explanation<Packet> {
  readonly arrived: readonly Packet[]
  /** What has arrived in all, these packets included. */
  readonly deliveredAmount: bigint
  /** False: the total can be explained otherwise too, or by nothing that this payment has sent. */
  readonly isCertain: boolean
}

interface Range {
  readonly from: bigint
  readonly to: bigint
}

/** Some of the packets, and what should have arrived if it was these. */
interface Candidate<Packet> {
  readonly arrived: readonly Packet[]
  readonly sum: bigint
  /**
   * At the rate of the path, and with its roundings; within the roundings; and down to what the quote allows, less one
   * unit sent: so much of the last packet a receiver may be missing no more.
   */
  readonly ranges: readonly [Range, Range, Range]
}

// Packets of a payment are mostly of one size: so many different sums need a dozen of different sizes.
const MAX_SUMS = 4_096

/** Which of the packets have arrived, by what the receiver has: the ones whose sum fits, whatever their order. */
export function explainTotal<Packet extends { readonly amount: bigint }>(
  unexplained: Unexplained<Packet>,
): Explanation<Packet> {
  const { packets, receivedAmount, known } = unexplained
  const sums = sumsOf(packets)
  const candidates = [...sums].flatMap(([sum, arrived]) => candidateOf(unexplained, sum, arrived) ?? [])
  for (const level of [0, 1, 2] as const) {
    const fitting = candidates.filter(({ ranges }) => isWithin(receivedAmount, ranges[level]))
    const [best, ...others] = nearestFirst(fitting, receivedAmount)
    if (best === undefined) continue
    const isCertain = others.length === 0 && sums.size < MAX_SUMS
    return { arrived: best.arrived, deliveredAmount: receivedAmount, isCertain }
  }
  const [nearest] = nearestFirst(candidates, receivedAmount)
  return {
    arrived: nearest?.arrived ?? [],
    deliveredAmount: nearest?.ranges[0].from ?? known.deliveredAmount,
    isCertain: false,
  }
}

/** Every sum that some of the packets make, with the first found, which are the oldest, of those that make it. */
function sumsOf<Packet extends { readonly amount: bigint }>(packets: readonly Packet[]): Map<bigint, Packet[]> {
  const sums = new Map<bigint, Packet[]>([[0n, []]])
  for (const packet of packets) {
    for (const [sum, chosen] of [...sums]) {
      if (sums.size >= MAX_SUMS) return sums
      if (!sums.has(sum + packet.amount)) sums.set(sum + packet.amount, [...chosen, packet])
    }
  }
  return sums
}

/** Undefined: more than these has been fulfilled, since what is known to have been sent is not posted yet. */
function candidateOf<Packet extends { readonly amount: bigint }>(
  { known, postedAmount, price }: Unexplained<Packet>,
  sum: bigint,
  arrived: readonly Packet[],
): Candidate<Packet> | undefined {
  const { guaranteedRate, lowRate, highRate, maxPacketAmount } = price
  const unrecorded = postedAmount - known.sentAmount
  const net = unrecorded + sum
  if (net < 0n) return undefined
  const atLow = (amount: bigint) => deliverableFloor(amount, { rate: lowRate, maxPacketAmount })
  const posted = unrecorded < 0n ? -atLow(-unrecorded) : atLow(unrecorded)
  const exact = net === 0n ? 0n : arrived.reduce((total, { amount }) => total + atLow(amount), posted)
  // Every packet is rounded by itself: one unit each, at most.
  const roundings = net === 0n ? 0n : BigInt(arrived.length) + packetsIn(unrecorded, maxPacketAmount)
  const most = net === 0n ? 0n : deliverableFloor(net, { rate: highRate }) + 1n
  const range = (least: bigint, greatest: bigint): Range => ({
    from: known.deliveredAmount + least,
    to: known.deliveredAmount + greatest,
  })
  return {
    arrived,
    sum,
    ranges: [
      range(exact, exact),
      range(deliverableFloor(net, { rate: lowRate }) - roundings, most),
      range(net === 0n ? 0n : deliverableFloor(net - 1n, { rate: guaranteedRate }) - roundings, most),
    ],
  }
}

function packetsIn(amount: bigint, maxPacketAmount: bigint | undefined): bigint {
  if (amount === 0n) return 0n
  const size = amount < 0n ? -amount : amount
  return maxPacketAmount === undefined ? 1n : size / maxPacketAmount + 1n
}

function isWithin(value: bigint, { from, to }: Range): boolean {
  return from <= value && value <= to
}

/** Of two as near, the one that charges less. */
function nearestFirst<Packet>(candidates: readonly Candidate<Packet>[], received: bigint): Candidate<Packet>[] {
  const distance = ({ ranges: [{ from }] }: Candidate<Packet>) => (received > from ? received - from : from - received)
  return [...candidates].sort((a, b) => compared(distance(a), distance(b)) || compared(a.sum, b.sum))
}

function compared(a: bigint, b: bigint): number {
  return a < b ? -1 : Number(a > b)
}
