import type { Amount } from '../admin/shapes.js'

/** `100.00` at scale 2 is 10000n. Digits beyond the scale are refused rather than lost. */
export function parseUnits(text: string, scale: number): bigint {
  const [, whole = '', fraction = ''] = /^(\d+)(?:\.(\d+))?$/.exec(text) ?? []
  if (whole === '') throw new Error(`"${text}" is not an amount; expected digits such as 100 or 100.00`)
  if (fraction.length > scale) throw new Error(`"${text}" has more than ${scale} decimal places`)
  return BigInt(whole + fraction.padEnd(scale, '0'))
}

/** 10000n at scale 2 is `100.00`; thousands are set apart. */
export function showUnits(units: bigint, scale: number): string {
  const sign = units < 0n ? '-' : ''
  const digits = (units < 0n ? -units : units).toString().padStart(scale + 1, '0')
  const whole = digits.slice(0, digits.length - scale).replace(/\B(?=(\d{3})+$)/g, ',')
  return scale === 0 ? `${sign}${whole}` : `${sign}${whole}.${digits.slice(-scale)}`
}

/** With the currency: `100.00 USD`. */
export function showAmount({ value, assetCode, assetScale }: Amount): string {
  return `${showUnits(value, assetScale)} ${assetCode}`
}

/** A difference: `+100.00`, `-0.01`, `0.00`. */
export function showChange(units: bigint, scale: number): string {
  return units > 0n ? `+${showUnits(units, scale)}` : showUnits(units, scale)
}
