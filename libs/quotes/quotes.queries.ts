import { type Db, type Page, type PageRequest, readPage } from '@kivuko/platform'
import { Quote } from './quote.entity.js'

export async function insertQuote(db: Db, quote: Quote): Promise<void> {
  await db.createQueryBuilder().insert().into(Quote).values(quote).updateEntity(false).execute()
}

export function findQuote(db: Db, id: string): Promise<Quote | null> {
  return db.findOneBy(Quote, { id })
}

export function readQuotesPage(
  db: Db,
  scope: { tenantId: string | undefined; walletAddressId?: string },
  page: PageRequest,
): Promise<Page<Quote>> {
  return readPage(db.createQueryBuilder(Quote, 'quote'), page, { ...scope })
}
