import { ratesUnavailable } from './errors.js'
import { Rates } from './rates.js'
import { inverse, ONE, parseDecimal, type Ratio } from './ratio.js'

/** A table of the configuration, `{"USD":{"EUR":"0.91"}}`. A pair given one way only is used the other way inverted. */
export class FixedRates extends Rates {
  private readonly prices = new Map<string, Ratio>()

  constructor(table: Readonly<Record<string, Readonly<Record<string, string>>>>) {
    super()
    const entries = Object.entries(table).flatMap(([source, row]) =>
      Object.entries(row).map(([destination, text]) => ({ source, destination, price: parseDecimal(text) })),
    )
    for (const { source, destination, price } of entries) this.prices.set(pair(destination, source), inverse(price))
    for (const { source, destination, price } of entries) this.prices.set(pair(source, destination), price)
  }

  override async price(tenantId: string, sourceCode: string, destinationCode: string): Promise<Ratio> {
    const price = this.peek(tenantId, sourceCode, destinationCode)
    if (!price) {
      throw ratesUnavailable(
        `There is no rate from ${sourceCode} to ${destinationCode}: add it to EXCHANGE_RATES, or name a rates service in EXCHANGE_RATES_URL`,
      )
    }
    return price
  }

  override peek(_tenantId: string, sourceCode: string, destinationCode: string): Ratio | undefined {
    return sourceCode === destinationCode ? ONE : this.prices.get(pair(sourceCode, destinationCode))
  }
}

function pair(sourceCode: string, destinationCode: string): string {
  return `${sourceCode}/${destinationCode}`
}
