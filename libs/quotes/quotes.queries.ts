import { type Db, type Page, type PageRequest, readPagesOf } from '@kivuko/platform'
import { Quote } from './quote.entity.js'

export async function insertQuote(db: Db, quote: Quote): Promise<void> {
  await db.createQueryBuilder().insert().into(Quote).values(quote).updateEntity(false).execute()
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
