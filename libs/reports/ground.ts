import type { Ledger } from '@kivuko/accounting'
import type { Db } from '@kivuko/platform'

/** Rows and accounts are read a thousand at a time: the audit's memory does not grow with the node's history. */
const PAGE_SIZE = 1_000

/** What a look reads. */
export interface Ground {
  readonly db: Db
  readonly ledger: Ledger
  readonly nowMs: number
}

export async function* pagesOf<T, K>(
  readPage: (after: K | undefined, limit: number) => Promise<readonly T[]>,
  keyOf: (item: T) => K,
): AsyncGenerator<readonly T[]> {
  let after: K | undefined
  for (;;) {
    const page = await readPage(after, PAGE_SIZE)
    const last = page.at(-1)
    if (last === undefined) return
    yield page
    if (page.length < PAGE_SIZE) return
    after = keyOf(last)
  }
}
