import { parseUnits } from '../print/money.js'

/** What both banks publish; a real one would have its treasury's prices here. */
const PRICES: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  USD: { EUR: '0.91' },
  EUR: { USD: '1.09' },
}

/** The body a node expects: `{"base":"USD","rates":{"EUR":0.91}}`, numbers written out as the table has them. */
export function ratesBody(base: string): string | undefined {
  const row = PRICES[base]
  if (row === undefined) return undefined
  const rates = Object.entries(row).map(([code, price]) => `${JSON.stringify(code)}:${price}`)
  return `{"base":${JSON.stringify(base)},"rates":{${rates.join(',')}}}`
}

/** What an amount buys in another currency, rounded down; both have two decimals here. */
export function convert(units: bigint, source: string, destination: string): bigint {
  if (source === destination) return units
  const price = PRICES[source]?.[destination]
  if (price === undefined) throw new Error(`the bank has no price from ${source} to ${destination}`)
  const DECIMALS = 8
  return (units * parseUnits(price, DECIMALS)) / 10n ** BigInt(DECIMALS)
}
