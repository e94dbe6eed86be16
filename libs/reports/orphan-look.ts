import {
  AccountCode,
  assetAccounts,
  idFromUuid,
  type LedgerAccount,
  type LedgerId,
  uuidFromId,
} from '@kivuko/accounting'
import type { Finding, FindingList } from './audit.js'
import { ACCOUNT_TABLES, type AccountOwner, type AssetRow, existingIds, rowIds } from './audit.queries.js'
import { type Ground, pagesOf } from './ground.js'
import { accountName } from './ledger-check.js'

const OWNERS = [
  'asset',
  'peer',
  'walletAddress',
  'incomingPayment',
  'outgoingPayment',
] as const satisfies readonly AccountOwner[]

/** Accounts without row: money that nobody can find by any request. */
export async function lookForLostAccounts(
  { db }: Ground,
  assets: readonly AssetRow[],
  accounts: readonly LedgerAccount[],
  findings: FindingList,
): Promise<void> {
  const kept = new Set(assets.flatMap((asset) => assetAccounts(asset).map(({ id }) => id)))
  for (const owner of OWNERS) {
    const owned = accounts.filter(({ code }) => code === AccountCode[owner])
    if (owned.length === 0) continue
    const rows = await existingIds(
      db,
      owner,
      owned.map(({ id }) => uuidFromId(id)),
    )
    for (const account of owned)
      if (!rows.has(uuidFromId(account.id))) findings.add(lostAccount(account, ACCOUNT_TABLES[owner]))
  }
  for (const account of accounts) {
    const ofAsset = account.code === AccountCode.settlement || account.code === AccountCode.credit
    if (ofAsset && !kept.has(account.id)) findings.add(lostAccount(account, 'assets'))
  }
}

/** Rows without account: they cannot be paid from or into. */
export async function lookForLostRows(
  ground: Ground,
  assets: readonly AssetRow[],
  findings: FindingList,
): Promise<void> {
  for (const owner of OWNERS) {
    const readPage = (after: string | undefined, limit: number) => rowIds(ground.db, owner, after, limit)
    for await (const page of pagesOf<string, string>(readPage, (id) => id)) {
      const found = await ground.ledger.balances(page.map(idFromUuid))
      for (const id of page) if (!found.has(idFromUuid(id))) findings.add(lostRow(ACCOUNT_TABLES[owner], id, 'account'))
    }
  }
  await lookForAssetAccounts(ground, assets, findings)
}

async function lookForAssetAccounts(
  { ledger }: Ground,
  assets: readonly AssetRow[],
  findings: FindingList,
): Promise<void> {
  const others = assets.flatMap((asset) => assetAccounts(asset).filter(({ code }) => code !== AccountCode.asset))
  const found: ReadonlyMap<LedgerId, unknown> = await ledger.balances(others.map(({ id }) => id))
  for (const asset of assets) {
    for (const account of assetAccounts(asset)) {
      const missing = account.code !== AccountCode.asset && !found.has(account.id)
      if (missing) findings.add(lostRow('assets', asset.id, accountName(account)))
    }
  }
}

function lostAccount(account: LedgerAccount, table: string): Finding {
  return {
    kind: 'account-without-row',
    subject: accountName(account),
    expected: `a row in ${table}`,
    found: `none; the account has credits ${account.creditsPosted}, debits ${account.debitsPosted}`,
    advice: 'a row was deleted by hand, or the database is older than the ledger: restore the row',
  }
}

function lostRow(table: string, id: string, account: string): Finding {
  return {
    kind: 'row-without-account',
    subject: `${table} ${id}`,
    expected: `its ledger ${account}`,
    found: 'none',
    advice:
      'a start of the node opens the accounts that are missing; if it stays, the ledger is older than the database',
  }
}
