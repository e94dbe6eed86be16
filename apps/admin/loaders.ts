import { available, idFromUuid, type Ledger } from '@kivuko/accounting'
import DataLoader from 'dataloader'

/** Reads that a list would otherwise repeat per row, gathered per request. */
export interface Loaders {
  /** What the account of this uuid holds; null for one that the ledger does not have. */
  readonly liquidity: DataLoader<string, bigint | null>
}

export function loadersOn(ledger: Ledger): Loaders {
  return { liquidity: new DataLoader(async (ids) => readLiquidity(ledger, ids)) }
}

async function readLiquidity(ledger: Ledger, uuids: readonly string[]): Promise<(bigint | null)[]> {
  const balances = await ledger.balances(uuids.map(idFromUuid))
  return uuids.map((uuid) => {
    const balance = balances.get(idFromUuid(uuid))
    return balance === undefined ? null : available(balance)
  })
}
