import { type Balance, idFromUuid, type Ledger, type LedgerId, TransferCode } from '@kivuko/accounting'
import type { FindingList } from './audit.js'
import { type IncomingRow, incomingRows, type OutgoingRow, outgoingRows } from './audit.queries.js'
import { type Ground, pagesOf } from './ground.js'
import { incomingDiffers, type OutgoingStanding, outgoingDiffers } from './payment-check.js'

const STATEMENT_PAGE = 500
/** What the ledger shows for an account that is not open yet; that it is missing is the orphan check's to say. */
const EMPTY: Balance = { debitsPosted: 0n, debitsPending: 0n, creditsPosted: 0n, creditsPending: 0n, creditLine: 0n }

export async function lookAtOutgoing({ db, ledger }: Ground, findings: FindingList): Promise<void> {
  const readPage = (after: string | undefined, limit: number) => outgoingRows(db, after, limit)
  for await (const page of pagesOf<OutgoingRow, string>(readPage, ({ id }) => id)) {
    const balances = await ledger.balances(page.map(({ id }) => idFromUuid(id)))
    for (const row of page) {
      const balance = balances.get(idFromUuid(row.id)) ?? EMPTY
      const standing = { ...row, balance, withdrawn: 0n, withdrawing: 0n }
      if (outgoingDiffers(standing) === undefined) continue
      // Most accounts fit without it, so a statement is read only for those an operator may have emptied.
      findings.addIf(outgoingDiffers({ ...standing, ...(await withdrawalsFrom(ledger, idFromUuid(row.id))) }))
    }
  }
}

export async function lookAtIncoming({ db, ledger }: Ground, findings: FindingList): Promise<void> {
  const readPage = (after: string | undefined, limit: number) => incomingRows(db, after, limit)
  for await (const page of pagesOf<IncomingRow, string>(readPage, ({ id }) => id)) {
    const balances = await ledger.balances(page.map(({ id }) => idFromUuid(id)))
    for (const row of page)
      findings.addIf(incomingDiffers({ ...row, balance: balances.get(idFromUuid(row.id)) ?? EMPTY }))
  }
}

type Withdrawals = Pick<OutgoingStanding, 'withdrawn' | 'withdrawing'>

async function withdrawalsFrom(ledger: Ledger, accountId: LedgerId): Promise<Withdrawals> {
  let withdrawn = 0n
  let withdrawing = 0n
  let before: bigint | undefined
  for (;;) {
    const page = await ledger.statement(accountId, { limit: STATEMENT_PAGE, before })
    for (const { debitAccountId, code, state, amount } of page) {
      if (debitAccountId !== accountId || code !== TransferCode.withdrawal) continue
      if (state === 'posted') withdrawn += amount
      if (state === 'pending') withdrawing += amount
    }
    before = page.at(-1)?.position
    if (page.length < STATEMENT_PAGE) return { withdrawn, withdrawing }
  }
}
