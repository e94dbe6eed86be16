import { DomainError } from '@kivuko/platform'
import type { AssetChange, NewAsset } from './asset.js'
import { type NewFee, WHOLE_IN_BASIS_POINTS } from './fee.js'

const MAX_U64 = 2n ** 64n - 1n
const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i
// ISO 4217 has three letters; tokens and loyalty points have longer names, and none has blanks or control characters.
const ASSET_CODE = /^[\x21-\x7e]{1,32}$/
// Open Payments and STREAM carry the scale in one byte.
const MAX_SCALE = 255

export function checkNewAsset({ code, scale, withdrawalThreshold, liquidityThreshold }: NewAsset): void {
  if (!ASSET_CODE.test(code)) {
    throw invalid(
      'InvalidAssetCode',
      `An asset code has 1 to 32 visible ASCII characters, found ${JSON.stringify(code)}`,
    )
  }
  if (!Number.isInteger(scale) || scale < 0 || scale > MAX_SCALE) {
    throw invalid('InvalidAssetScale', `An asset scale is a whole number from 0 to ${MAX_SCALE}, found ${scale}`)
  }
  checkThresholds({ withdrawalThreshold: withdrawalThreshold ?? null, liquidityThreshold: liquidityThreshold ?? null })
}

export function checkThresholds({ withdrawalThreshold, liquidityThreshold }: AssetChange): void {
  checkU64('withdrawalThreshold', withdrawalThreshold)
  checkU64('liquidityThreshold', liquidityThreshold)
}

export function checkFee({ fixed, basisPoints }: Pick<NewFee, 'fixed' | 'basisPoints'>): void {
  if (fixed < 0n || fixed > MAX_U64) {
    throw invalid('InvalidFixedFee', `A fixed fee is between 0 and ${MAX_U64} minor units, found ${fixed}`)
  }
  if (!Number.isInteger(basisPoints) || basisPoints < 0 || basisPoints > WHOLE_IN_BASIS_POINTS) {
    const range = `a whole number from 0 to ${WHOLE_IN_BASIS_POINTS} (the whole amount)`
    throw invalid('InvalidBasisPointFee', `A basis point fee is ${range}, found ${basisPoints}`)
  }
}

/** An optional amount in minor units, as wide as the protocol's: unsigned 64 bits. */
export function checkU64(name: string, amount: bigint | null | undefined): void {
  if (amount === null || amount === undefined || (amount >= 0n && amount <= MAX_U64)) return
  throw invalid('InvalidAmount', `${name} is between 0 and ${MAX_U64} minor units, found ${amount}`)
}

/** Ids that callers choose are UUIDs. */
export function checkUuid(name: string, id: string): void {
  if (!isUuid(id)) throw invalid('InvalidId', `${name} is a UUID, found "${id.slice(0, 64)}"`)
}

export function isUuid(id: string): boolean {
  return UUID.test(id)
}

function invalid(reason: string, message: string): DomainError {
  return new DomainError('invalid', reason, message)
}
