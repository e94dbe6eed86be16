import type { Clock, Logger } from '@kivuko/platform'
import { ratesUnavailable } from './errors.js'
import { Rates } from './rates.js'
import type { RatesTable } from './rates-answer.js'
import { ONE, type Ratio } from './ratio.js'

export interface HttpRatesOptions {
  readonly clock: Clock
  readonly logger: Logger
  /** Up to this age a table is simply used; beyond it, used while a new one is fetched. */
  readonly lifetimeMs: number
  /** Beyond this age a table is not used at all. */
  readonly maxAgeMs: number
  readonly urlFor: (tenantId: string) => Promise<string | undefined>
  readonly request: (url: string, base: string) => Promise<RatesTable>
}

interface Entry {
  table?: RatesTable
  fetchedAtMs: number
  /** Where the table is from, and when that was last compared with the tenant's settings. */
  url?: string
  comparedAtMs: number
  refreshing?: Promise<void>
  failure?: { readonly error: unknown; readonly atMs: number }
}

// A base currency is an asset of the operator: far fewer than this, so an eviction only costs a new request.
const MAX_ENTRIES = 1_000
// A service that is down is asked at most once a second per base currency, however many packets want a price.
const RETRY_AFTER_MS = 1_000
// A tenant that turns to another service is to be served by it within a second. Settings are in memory; packets are many.
const COMPARE_AFTER_MS = 250

/** Prices of the operator's rates service (Rafiki's contract), kept in memory per tenant and base currency. */
export class HttpRates extends Rates {
  private readonly entries = new Map<string, Entry>()

  constructor(private readonly options: HttpRatesOptions) {
    super()
  }

  override async price(tenantId: string, sourceCode: string, destinationCode: string): Promise<Ratio> {
    if (sourceCode === destinationCode) return ONE
    const entry = this.entry(tenantId, sourceCode)
    await this.compare(tenantId, entry)
    if (this.ageMs(entry) > this.options.lifetimeMs) {
      const refreshed = this.refresh(tenantId, sourceCode, entry)
      if (this.usable(entry)) refreshed.catch(() => undefined)
      else await refreshed
    }
    const price = entry.table?.prices.get(destinationCode)
    if (!price) {
      const why = entry.table?.unusable.get(destinationCode) ?? `${destinationCode} is not in its answer`
      throw ratesUnavailable(`The rates service gives no usable rate from ${sourceCode} to ${destinationCode}: ${why}`)
    }
    return price
  }

  override peek(tenantId: string, sourceCode: string, destinationCode: string): Ratio | undefined {
    if (sourceCode === destinationCode) return ONE
    const entry = this.entry(tenantId, sourceCode)
    this.compare(tenantId, entry)?.catch(() => undefined)
    if (this.ageMs(entry) > this.options.lifetimeMs) {
      this.refresh(tenantId, sourceCode, entry).catch(() => undefined)
    }
    return this.usable(entry) ? entry.table?.prices.get(destinationCode) : undefined
  }

  private entry(tenantId: string, base: string): Entry {
    const key = `${tenantId}:${base}`
    const held = this.entries.get(key)
    if (held) return held
    const [oldest] = this.entries.keys()
    if (oldest !== undefined && this.entries.size >= MAX_ENTRIES) this.entries.delete(oldest)
    const entry: Entry = { fetchedAtMs: Number.NEGATIVE_INFINITY, comparedAtMs: Number.NEGATIVE_INFINITY }
    this.entries.set(key, entry)
    return entry
  }

  private ageMs(entry: Entry): number {
    return this.options.clock.nowMs() - entry.fetchedAtMs
  }

  /** Another service's table is not used any more, however fresh it is. */
  private compare(tenantId: string, entry: Entry): Promise<void> | undefined {
    const nowMs = this.options.clock.nowMs()
    if (entry.table === undefined || nowMs - entry.comparedAtMs < COMPARE_AFTER_MS) return undefined
    entry.comparedAtMs = nowMs
    return this.options.urlFor(tenantId).then((url) => {
      if (url !== entry.url) entry.fetchedAtMs = Number.NEGATIVE_INFINITY
    })
  }

  private usable(entry: Entry): boolean {
    return this.ageMs(entry) <= this.options.maxAgeMs
  }

  /** Single flight per entry; right after a failure its error is the answer, without asking again. */
  private refresh(tenantId: string, base: string, entry: Entry): Promise<void> {
    if (entry.refreshing) return entry.refreshing
    const { failure } = entry
    if (failure && this.options.clock.nowMs() - failure.atMs < RETRY_AFTER_MS) return Promise.reject(failure.error)
    entry.refreshing = this.load(tenantId, base, entry).finally(() => {
      delete entry.refreshing
    })
    return entry.refreshing
  }

  private async load(tenantId: string, base: string, entry: Entry): Promise<void> {
    const { clock, logger, urlFor, request } = this.options
    // The age counts from the question, not from the answer: a slow service's rates are already that old.
    const askedAtMs = clock.nowMs()
    try {
      const url = await urlFor(tenantId)
      if (!url) {
        throw ratesUnavailable(
          `No rates service is known for ${base}: set EXCHANGE_RATES_URL, or EXCHANGE_RATES to a table`,
        )
      }
      entry.table = await request(url, base)
      entry.url = url
      entry.fetchedAtMs = askedAtMs
      delete entry.failure
    } catch (error) {
      if (!entry.failure) logger.warn({ tenantId, base, err: error }, 'exchange rates could not be refreshed')
      entry.failure = { error, atMs: clock.nowMs() }
      throw error
    }
  }
}
