import type { Asset } from '@kivuko/assets'
import type { Quote } from '@kivuko/quotes'
import type { Addresses } from '../addresses.js'
import { amountView } from '../bodies/amount.view.js'

/** `asset` is the sender's. */
export function quoteView(quote: Quote, walletAddress: string, asset: Asset, addresses: Addresses) {
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
