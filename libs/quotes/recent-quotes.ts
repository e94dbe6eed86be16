import type { Quote } from './quote.entity.js'

// A quote is mostly paid within seconds of its making; so many are made in a minute at the utmost.
const MAX_HELD = 5_000

/** Quotes made by this process, in memory: a quote never changes, so that a payment need not read its row again. */
export class RecentQuotes {
  private readonly held = new Map<string, Quote>()

  add(quote: Quote): void {
    this.held.set(quote.id, Object.freeze(quote))
    if (this.held.size <= MAX_HELD) return
    const [oldest] = this.held.keys()
    if (oldest !== undefined) this.held.delete(oldest)
  }

  find(id: string): Quote | undefined {
    return this.held.get(id)
  }
}
