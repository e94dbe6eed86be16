import { available, idFromUuid, type Ledger } from '@kivuko/accounting'
import type { Fee } from '@kivuko/assets'
import type { IncomingPayment } from '@kivuko/incoming-payments'
import type { OutgoingPayment } from '@kivuko/outgoing-payments'
import { InvariantError, type Page } from '@kivuko/platform'
import type { Quote } from '@kivuko/quotes'
import type { ListedBookDifference } from '@kivuko/reports'
import type { WalletAddressKey } from '@kivuko/wallet-addresses'
import DataLoader from 'dataloader'

/** Reads that a list would otherwise repeat per row, gathered per request. */
export interface Loaders {
  /** What the account of this uuid holds; null for one that the ledger does not have. */
  readonly liquidity: DataLoader<string, bigint | null>
  readonly fees: ListsOfRows<Fee>
  readonly walletAddressKeys: ListsOfRows<WalletAddressKey>
  readonly incomingPayments: ListsOfRows<IncomingPayment>
  readonly outgoingPayments: ListsOfRows<OutgoingPayment>
  readonly quotes: ListsOfRows<Quote>
  readonly peerDifferences: ListsOfRows<ListedBookDifference>
  readonly paymentDifferences: ListsOfRows<ListedBookDifference>
}

export function loadersOn(ledger: Ledger): Loaders {
  return {
    liquidity: new DataLoader(async (ids) => readLiquidity(ledger, ids)),
    fees: new ListsOfRows(),
    walletAddressKeys: new ListsOfRows(),
    incomingPayments: new ListsOfRows(),
    outgoingPayments: new ListsOfRows(),
    quotes: new ListsOfRows(),
    peerDifferences: new ListsOfRows(),
    paymentDifferences: new ListsOfRows(),
  }
}

/** Reads the lists of many rows at once. */
type ReadLists<Item> = (ids: readonly string[]) => Promise<ReadonlyMap<string, Page<Item>>>

/** A list within each row of a list: rows that ask with the same arguments are answered together. */
export class ListsOfRows<Item> {
  private readonly loaders = new Map<string, DataLoader<string, Page<Item>>>()

  /** The list of the row of this id. `args` must hold all that `read` depends on. */
  load(id: string, args: object, read: ReadLists<Item>): Promise<Page<Item>> {
    const key = JSON.stringify(args)
    const loader = this.loaders.get(key) ?? new DataLoader((ids: readonly string[]) => inOrder(ids, read))
    this.loaders.set(key, loader)
    return loader.load(id)
  }
}

async function inOrder<Item>(ids: readonly string[], read: ReadLists<Item>): Promise<(Page<Item> | Error)[]> {
  const found = await read(ids)
  return ids.map((id) => found.get(id) ?? new InvariantError(`a row that is listed has its own list (${id})`))
}

async function readLiquidity(ledger: Ledger, uuids: readonly string[]): Promise<(bigint | null)[]> {
  const balances = await ledger.balances(uuids.map(idFromUuid))
  return uuids.map((uuid) => {
    const balance = balances.get(idFromUuid(uuid))
    return balance === undefined ? null : available(balance)
  })
}
