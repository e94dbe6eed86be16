import type { Ratio } from './ratio.js'

/** Prices between currencies, per tenant: how many whole destination units one whole source unit is worth. */
export abstract class Rates {
  /** Equal codes are 1/1 without asking any source. Throws `unavailable` RatesUnavailable when no fresh enough price exists. */
  abstract price(tenantId: string, sourceCode: string, destinationCode: string): Promise<Ratio>

  /** The packet path's view: from memory only. Undefined when no fresh enough price is held; one is then being fetched. */
  abstract peek(tenantId: string, sourceCode: string, destinationCode: string): Ratio | undefined
}
