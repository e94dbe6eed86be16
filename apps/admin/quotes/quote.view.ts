import type { AssetsService } from '@kivuko/assets'
import { assert } from '@kivuko/platform'
import { estimatedExchangeRate, type Quote } from '@kivuko/quotes'
import { amountView } from '../pages/amount.view.js'

/** GraphQL's Quote. */
export function quoteView(quote: Quote, assets: AssetsService) {
  const asset = assets.find(quote.assetId)
  assert(asset !== undefined, `a quote's asset is known (${quote.assetId})`)
  return {
    id: quote.id,
    tenantId: quote.tenantId,
    walletAddressId: quote.walletAddressId,
    receiver: quote.receiver,
    debitAmount: amountView(quote.debitAmount, asset),
    receiveAmount: amountView(quote.receiveAmount, { code: quote.receiveAssetCode, scale: quote.receiveAssetScale }),
    createdAt: quote.createdAt.toISOString(),
    expiresAt: quote.expiresAt.toISOString(),
    estimatedExchangeRate: estimatedExchangeRate(quote),
  }
}
