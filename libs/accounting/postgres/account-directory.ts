import { assert } from '@kivuko/platform'
import type { NewAccount } from '../account.js'
import { idFromUuid, type LedgerId } from '../ids.js'
import type { BatchConnection } from './batch-connection.js'
import { uuidArray } from './binary-array.js'
import type { Chain } from './chain.js'

// Some 15 MB; a node with more accounts in use at once asks for some of them again.
const MAX_ENTRIES = 100_000

interface Entry {
  readonly no: number
  readonly ledger: number
}

/**
 * The short numbers and ledgers of the accounts in use: what is fixed when an account is opened. Forgotten with each new
 * connection, because a database restored from a copy may have given the numbers to others.
 */
export class AccountDirectory {
  private readonly entries = new Map<LedgerId, Entry>()

  forget(): void {
    this.entries.clear()
  }

  ledgerOf(id: LedgerId): number | undefined {
    return this.entries.get(id)?.ledger
  }

  numberOf(id: LedgerId): number {
    const entry = this.entries.get(id)
    assert(entry !== undefined, 'a leg on the fast path names accounts of the directory')
    return entry.no
  }

  knows(chains: readonly Chain[]): boolean {
    return this.missingFrom(chains).size === 0
  }

  /** Learns the accounts of the chains; those that are not opened stay unknown and are asked for again next time. */
  async learn(chains: readonly Chain[], connection: Pick<BatchConnection, 'query'>): Promise<void> {
    const missing = this.missingFrom(chains)
    if (missing.size === 0) return
    if (this.entries.size + missing.size > MAX_ENTRIES) this.forget()
    const rows = await connection.query<[string, number, string]>({
      name: 'ledger-directory',
      text: 'select id, no, ledger from ledger_accounts where id = any($1::uuid[])',
      values: [uuidArray([...missing])],
    })
    for (const [id, no, ledger] of rows) this.entries.set(idFromUuid(id), { no, ledger: Number.parseInt(ledger, 10) })
  }

  /** Takes over what is known of an account without asking. */
  add({ id, ledger }: Pick<NewAccount, 'id' | 'ledger'>, no: number): void {
    if (this.entries.size >= MAX_ENTRIES) this.forget()
    this.entries.set(id, { no, ledger })
  }

  private missingFrom(chains: readonly Chain[]): Set<LedgerId> {
    const missing = new Set<LedgerId>()
    for (const chain of chains) {
      if (chain.verb !== 'write') continue
      for (const { debitAccountId, creditAccountId } of chain.legs) {
        if (!this.entries.has(debitAccountId)) missing.add(debitAccountId)
        if (!this.entries.has(creditAccountId)) missing.add(creditAccountId)
      }
    }
    return missing
  }
}
