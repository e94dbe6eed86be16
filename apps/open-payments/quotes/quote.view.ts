import type { Quote } from '@kivuko/quotes'
import type { Addresses } from '../addresses.js'
import { type AssetUnits, amountView } from '../bodies/amount.view.js'

/** What a quote's view is made of. */
export type ShownQuote = Pick<
  Quote,
  | 'id'
  | 'tenantId'
  | 'receiver'
  | 'debitAmount'
  | 'receiveAmount'
  | 'receiveAssetCode'
  | 'receiveAssetScale'
  | 'createdAt'
  | 'expiresAt'
>

/** `asset` is the sender's. */
export function quoteView(quote: ShownQuote, walletAddress: string, asset: AssetUnits, addresses: Addresses) {
  return {
    id: addresses.quote(quote.tenantId, quote.id),
    walletAddress,
    receiver: quote.receiver,
    debitAmount: amountView(quote.debitAmount, asset),
    receiveAmount: amountView(quote.receiveAmount, { code: quote.receiveAssetCode, scale: quote.receiveAssetScale }),
    method: 'ilp',
    createdAt: quote.createdAt.toISOString(),
    expiresAt: quote.expiresAt.toISOString(),
  }
}
