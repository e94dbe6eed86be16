import { type Db, type Page, type PageRequest, type Queries, readPagesOf } from '@kivuko/platform'
import { Quote } from './quote.entity.js'

export async function insertQuote(db: Queries, quote: Quote): Promise<void> {
  await db.query(
    `insert into quotes (id, tenant_id, wallet_address_id, asset_id, receiver, debit_amount, debit_amount_minus_fees,
       receive_amount, receive_asset_code, receive_asset_scale, fee_id, method, guaranteed_rate_numerator,
       guaranteed_rate_denominator, low_rate_numerator, low_rate_denominator, high_rate_numerator,
       high_rate_denominator, max_packet_amount, client, expires_at, created_at)
     values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20, $21, $22)`,
    [
      quote.id,
      quote.tenantId,
      quote.walletAddressId,
      quote.assetId,
      quote.receiver,
      quote.debitAmount,
      quote.debitAmountMinusFees,
      quote.receiveAmount,
      quote.receiveAssetCode,
      quote.receiveAssetScale,
      quote.feeId,
      quote.method,
      quote.guaranteedRateNumerator,
      quote.guaranteedRateDenominator,
      quote.lowRateNumerator,
      quote.lowRateDenominator,
      quote.highRateNumerator,
      quote.highRateDenominator,
      quote.maxPacketAmount,
      quote.client,
      quote.expiresAt,
      quote.createdAt,
    ],
  )
}

export function findQuote(db: Db, id: string): Promise<Quote | null> {
  return db.findOneBy(Quote, { id })
}

export function readQuotesPages(
  db: Db,
  walletAddressIds: readonly string[],
  page: PageRequest,
): Promise<ReadonlyMap<string, Page<Quote>>> {
  return readPagesOf(db.createQueryBuilder(Quote, 'quote'), 'walletAddressId', walletAddressIds, page)
}
