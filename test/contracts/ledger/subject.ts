import {
  AccountCode,
  type AccountLimit,
  type Ledger,
  type LedgerId,
  type Refusal,
  TransferCode,
} from '@kivuko/accounting'

/** A ledger under test, and how to bring its reservations past their timeout. */
export interface LedgerSubject {
  readonly ledger: Ledger
  /** Returns when reservations made so far with a timeout of one second are past it. */
  expire(ids: readonly LedgerId[]): Promise<void>
  close(): Promise<void>
}

export interface LedgerAdapter {
  readonly name: string
  /** Whether tests may overlap: not where they share a clock that is turned by hand. */
  readonly concurrent: boolean
  open(): Promise<LedgerSubject>
}

let lastId = BigInt(process.pid) << 64n

/** An id nobody has used: suites share a ledger, and accounts are never closed. */
export function freshId(): LedgerId {
  lastId += 1n
  return (BigInt(process.hrtime.bigint()) << 64n) | (lastId & 0xffffffffn) | (BigInt(process.pid) << 32n)
}

let lastLedger = 0

/** A ledger number nobody has used. */
export function freshLedger(): number {
  lastLedger += 1
  return (process.pid % 40_000) * 100_000 + lastLedger
}

/** Accounts on a ledger of their own, one bank without limits among them. */
export class Books {
  readonly number = freshLedger()
  readonly bank = freshId()

  private constructor(readonly ledger: Ledger) {}

  static async open(ledger: Ledger): Promise<Books> {
    const books = new Books(ledger)
    await ledger.openAccounts([{ id: books.bank, ledger: books.number, code: AccountCode.settlement, limit: 'none' }])
    return books
  }

  async account(limit: AccountLimit, funds = 0n): Promise<LedgerId> {
    const id = freshId()
    await this.ledger.openAccounts([{ id, ledger: this.number, code: AccountCode.peer, limit }])
    if (funds > 0n) await this.ledger.transfer([this.leg(this.bank, id, funds)])
    return id
  }

  leg(debitAccountId: LedgerId, creditAccountId: LedgerId, amount: bigint, id = freshId()) {
    const code: number = TransferCode.transfer
    return { id, ledger: this.number, debitAccountId, creditAccountId, amount, code }
  }

  async balance(id: LedgerId) {
    const found = (await this.ledger.balances([id])).get(id)
    if (found === undefined) throw new Error(`account ${id} does not exist`)
    return found
  }
}

export const accepted = { kind: 'accepted', repeated: false } as const
export const repeated = { kind: 'accepted', repeated: true } as const

export function refused(refusal: Refusal, leg = 0) {
  return { kind: 'refused', leg, refusal } as const
}
