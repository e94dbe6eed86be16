import { convertCeil, convertFloor, inverse, type Ratio } from '@kivuko/rates'

/**
 * What a way to pay gives. Ratios are destination minor units per source minor unit. Every packet is rounded down by
 * itself, so that the largest packet decides how much rounding costs.
 */
export interface PathPrice {
  readonly method: 'ilp' | 'local'
  /** Quotes promise by this rate: the market's less the slippage for Interledger, the exact one within the node. */
  readonly guaranteedRate: Ratio
  /** Between these two the path delivers at the moment. */
  readonly lowRate: Ratio
  readonly highRate: Ratio
  /** In the source's minor unit; undefined when nothing cuts the amount up. */
  readonly maxPacketAmount?: bigint
}

type Path = Pick<PathPrice, 'maxPacketAmount'> & { readonly rate: Ratio }

/** The most that `sourceAmount` is sure to deliver: full packets and a last one, each rounded down. */
export function deliverableFloor(sourceAmount: bigint, { rate, maxPacketAmount }: Path): bigint {
  if (maxPacketAmount === undefined || sourceAmount <= maxPacketAmount) return convertFloor(sourceAmount, rate)
  const fullPackets = sourceAmount / maxPacketAmount
  const rest = sourceAmount % maxPacketAmount
  return fullPackets * convertFloor(maxPacketAmount, rate) + convertFloor(rest, rate)
}

/** The least source amount that is sure to deliver `destinationAmount`; undefined when no packet delivers anything. */
export function neededCeil(destinationAmount: bigint, { rate, maxPacketAmount }: Path): bigint | undefined {
  const perUnit = inverse(rate)
  const inOnePacket = convertCeil(destinationAmount, perUnit)
  if (maxPacketAmount === undefined || inOnePacket <= maxPacketAmount) return inOnePacket
  const perPacket = convertFloor(maxPacketAmount, rate)
  if (perPacket === 0n) return undefined
  const fullPackets = (destinationAmount - 1n) / perPacket
  return fullPackets * maxPacketAmount + convertCeil(destinationAmount - fullPackets * perPacket, perUnit)
}
