import { Quote } from './quote.entity.js'

export { type Amount, amountOf, amountText, isOfAsset } from './amount.js'
export {
  NO_FEE,
  type PricedQuote,
  priceQuote,
  type QuotedAmounts,
  type QuoteFee,
  type WantedAmount,
} from './price-quote.js'
export { Quote } from './quote.entity.js'
export { quotedPrice } from './quoted-price.js'
export { quotesMigrations } from './quotes.migrations.js'
export { QuotesModule } from './quotes.module.js'
export { estimatedExchangeRate, type NewQuote, QuotesService } from './quotes.service.js'
export { clientIdentity, publicJwkOf } from './receivers/client-identity.js'
export { ReceiversService } from './receivers/receivers.service.js'
export type { WantedReceiver } from './receivers/remote-receivers.js'

export const quotesEntities = [Quote] as const
