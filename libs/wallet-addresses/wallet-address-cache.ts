import type { WalletAddress } from './wallet-address.js'

/** What a read found; incomplete ones, whose ledger account could not be opened yet, are read again next time. */
export interface Found {
  readonly walletAddress: WalletAddress
  readonly complete: boolean
}

/**
 * The wallet addresses used last, up to a limit. A read that was under way when a change came in is not kept: it may
 * have seen the row before the change.
 */
export class WalletAddressCache {
  private readonly byId = new Map<string, WalletAddress>()
  private readonly idByAddress = new Map<string, string>()
  private generation = 0

  constructor(private readonly limit: number) {}

  get(id: string): WalletAddress | undefined {
    const found = this.byId.get(id)
    if (found !== undefined) this.keep(found)
    return found
  }

  getByAddress(address: string): WalletAddress | undefined {
    const id = this.idByAddress.get(address)
    return id === undefined ? undefined : this.get(id)
  }

  async load(read: () => Promise<Found | undefined>): Promise<WalletAddress | undefined> {
    const { generation } = this
    const found = await read()
    if (found?.complete && generation === this.generation) this.keep(found.walletAddress)
    return found?.walletAddress
  }

  /** No id: everything. */
  invalidate(id: string | undefined): void {
    this.generation++
    if (id !== undefined) {
      this.drop(id)
      return
    }
    this.byId.clear()
    this.idByAddress.clear()
  }

  private keep(walletAddress: WalletAddress): void {
    this.byId.delete(walletAddress.id)
    this.byId.set(walletAddress.id, walletAddress)
    this.idByAddress.set(walletAddress.address, walletAddress.id)
    const [oldest] = this.byId.keys()
    if (this.byId.size > this.limit && oldest !== undefined) this.drop(oldest)
  }

  private drop(id: string): void {
    const dropped = this.byId.get(id)
    if (dropped === undefined) return
    this.byId.delete(id)
    this.idByAddress.delete(dropped.address)
  }
}
