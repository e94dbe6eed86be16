import type { AccountRows, BookReader, EntryRow } from '../admin/books.js'

export interface Account {
  readonly id: string
  readonly label: string
  readonly assetCode: string
  readonly assetScale: number
  readonly liquidity: bigint
}

/** A node's accounts with their balances, and its latest ledger entries, as its admin API tells them. */
export interface Books {
  readonly accounts: readonly Account[]
  readonly entries: ReadonlyMap<string, EntryRow>
}

export async function readBooks(reader: BookReader): Promise<Books> {
  const accounts = accountsOf(await reader.accounts())
  const lists = await Promise.all(accounts.map(({ id }) => reader.entries(id)))
  return { accounts, entries: new Map(lists.flat().map((entry) => [entry.id, entry])) }
}

function accountsOf(rows: AccountRows): Account[] {
  const account = (id: string, label: string, { code, scale }: { code: string; scale: number }, liquidity: bigint) => ({
    id,
    label,
    assetCode: code,
    assetScale: scale,
    liquidity,
  })
  const paid = ({ assetCode, assetScale }: { assetCode: string; assetScale: number }) => ({
    code: assetCode,
    scale: assetScale,
  })
  return [
    ...byCode(rows.assets).map((asset) => account(asset.id, `${asset.code} liquidity`, asset, asset.liquidity)),
    ...rows.peers.map(({ id, name, asset, liquidity }) => account(id, `peer ${name ?? id}`, asset, liquidity)),
    ...rows.walletAddresses.map(({ id, publicName, asset, liquidity }) =>
      account(id, `wallet ${publicName ?? id}`, asset, liquidity),
    ),
    ...rows.outgoingPayments.map(({ id, debitAmount, liquidity }) =>
      account(id, 'outgoing payment', paid(debitAmount), liquidity),
    ),
    ...rows.incomingPayments.map(({ id, receivedAmount, liquidity }) =>
      account(id, 'incoming payment', paid(receivedAmount), liquidity),
    ),
  ]
}

function byCode<Asset extends { readonly code: string }>(assets: readonly Asset[]): Asset[] {
  return [...assets].sort((a, b) => a.code.localeCompare(b.code))
}

/** One account over time; an account that was not there yet had nothing. */
export interface Movement extends Account {
  readonly before: bigint
  readonly change: bigint
}

export function movements(before: Books, after: Books): Movement[] {
  return after.accounts.map((account) => {
    const earlier = before.accounts.find(({ id }) => id === account.id)?.liquidity ?? 0n
    return { ...account, before: earlier, change: account.liquidity - earlier }
  })
}

/** Entries that were written between two readings, oldest first. */
export function newEntries(before: Books, after: Books): EntryRow[] {
  return [...after.entries.values()]
    .filter(({ id }) => !before.entries.has(id))
    .sort((a, b) => a.createdAt.localeCompare(b.createdAt))
}
