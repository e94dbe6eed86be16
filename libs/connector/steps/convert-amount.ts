import { MAX_AMOUNT } from '@kivuko/accounting'
import { encodeAmountTooLarge, type Reply } from '@kivuko/ilp'
import { DomainError } from '@kivuko/platform'
import { convertFloor, inverse, minorUnitRatio, type Rates, type Ratio } from '@kivuko/rates'
import { destinationOf, type Packet } from '../packet.js'
import type { Refuse } from '../refuse.js'
import type { Handler, Step } from '../step.js'

const ONE_TO_ONE: Ratio = { numerator: 1n, denominator: 1n }

/**
 * The amount in the destination's asset, rounded down, by the rates of the destination's tenant. Both amounts must fit
 * the ledger (2^63 − 1: F08 beyond it), and what is worth something must not arrive as nothing (R01).
 */
export function convertAmount(rates: Rates, refuse: Refuse): Step {
  return (next) => (packet) => {
    if (packet.prepare.amount === 0n) return next(packet)
    const ratio = ratioInMemory(packet)
    return ratio ? convert(packet, ratio, next) : convertWhenKnown(packet, next)
  }

  async function convertWhenKnown(packet: Packet, next: Handler): Promise<Reply> {
    const ratio = await ratioFromSource(packet)
    if (ratio) return convert(packet, ratio, next)
    const { source, destination } = packet
    const pair = `${source.asset.code} to ${destination?.asset.code}`
    return refuse(packet, 'T00', `no exchange rate from ${pair}, try again later`)
  }

  function convert(packet: Packet, ratio: Ratio, next: Handler): Promise<Reply> {
    const { amount } = packet.prepare
    const converted = ratio === ONE_TO_ONE ? amount : convertFloor(amount, ratio)
    if (amount > MAX_AMOUNT || converted > MAX_AMOUNT) return refuseTooLarge(packet, ratio)
    if (converted === 0n) {
      const { source, destination } = packet
      const message = `${amount} of ${named(source.asset)} is less than the smallest unit of ${named(destination?.asset)}`
      return refuse(packet, 'R01', message)
    }
    packet.destinationAmount = converted
    return next(packet)
  }

  function refuseTooLarge(packet: Packet, ratio: Ratio): Promise<Reply> {
    const receivedAmount = packet.prepare.amount
    const convertible = convertFloor(MAX_AMOUNT, inverse(ratio))
    const maximumAmount = lesser(convertible, MAX_AMOUNT)
    const message = `packet size too large. maxAmount=${maximumAmount} actualAmount=${receivedAmount}`
    return refuse(packet, 'F08', message, encodeAmountTooLarge({ receivedAmount, maximumAmount }))
  }

  function ratioInMemory(packet: Packet): Ratio | undefined {
    const { source } = packet
    const destination = destinationOf(packet)
    const [from, to] = [source.asset, destination.asset]
    if (from.code === to.code && from.scale === to.scale) return ONE_TO_ONE
    const price = rates.peek(destination.tenantId, from.code, to.code)
    return price && minorUnitRatio(price, from.scale, to.scale)
  }

  /** The first packet of a pair waits for its rate; its sender would only send it again. */
  async function ratioFromSource(packet: Packet): Promise<Ratio | undefined> {
    const { source } = packet
    const destination = destinationOf(packet)
    try {
      const price = await rates.price(destination.tenantId, source.asset.code, destination.asset.code)
      return minorUnitRatio(price, source.asset.scale, destination.asset.scale)
    } catch (error) {
      if (error instanceof DomainError) return undefined
      throw error
    }
  }
}

function named(asset: { readonly code: string; readonly scale: number } | undefined): string {
  return asset ? `${asset.code} (scale ${asset.scale})` : 'an unknown asset'
}

function lesser(a: bigint, b: bigint): bigint {
  return a < b ? a : b
}
