import { messageOf } from '@kivuko/platform'
import { isLosslessNumber, parse } from 'lossless-json'
import { parseDecimal, type Ratio } from './ratio.js'

/** One answer of a rates service: the price of one base unit in each currency, and why some of them cannot be used. */
export interface RatesTable {
  readonly prices: ReadonlyMap<string, Ratio>
  readonly unusable: ReadonlyMap<string, string>
}

/**
 * Reads `{"base":"USD","rates":{"EUR":1.1602}}`. Numbers are taken from their text, never through a double; a decimal in
 * quotes is taken too. An unusable price refuses its own currency only, anything else wrong refuses the answer.
 */
export function parseRatesAnswer(text: string, expectedBase: string): RatesTable {
  const answer = parseJson(text)
  if (!isRecord(answer)) throw unusableAnswer('expected a JSON object with "base" and "rates"')
  if (answer.base !== expectedBase) {
    throw unusableAnswer(`its base is ${show(answer.base)}, asked was "${expectedBase}"`)
  }
  if (!isRecord(answer.rates)) throw unusableAnswer('"rates" is not an object of currency codes and numbers')
  const prices = new Map<string, Ratio>()
  const unusable = new Map<string, string>()
  for (const [code, value] of Object.entries(answer.rates)) {
    try {
      prices.set(code, parsePrice(value))
    } catch (error) {
      unusable.set(code, messageOf(error))
    }
  }
  return { prices, unusable }
}

function parsePrice(value: unknown): Ratio {
  const text = isLosslessNumber(value) ? value.value : value
  if (typeof text !== 'string') throw new Error(`The rate is ${show(value)}, expected a number`)
  return parseDecimal(text)
}

function parseJson(text: string): unknown {
  try {
    return parse(text)
  } catch (error) {
    throw unusableAnswer(`it is not JSON (${messageOf(error)})`)
  }
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value) && !isLosslessNumber(value)
}

function show(value: unknown): string {
  const text = typeof value === 'string' ? `"${value}"` : String(value)
  return text.length > 40 ? `${text.slice(0, 40)}…` : text
}

function unusableAnswer(why: string): Error {
  return new Error(`the answer cannot be used: ${why}`)
}
