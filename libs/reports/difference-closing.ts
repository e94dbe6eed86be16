import type { Ledger } from '@kivuko/accounting'
import { assert, type Clock, type DataSource, DomainError } from '@kivuko/platform'
import { endsOf } from './difference-check.js'
import type { DifferenceEnd } from './difference-state.js'
import {
  closeDifferenceRow,
  type DifferenceRow,
  findDifferenceRow,
  insertAbandoned,
  openDifferenceRows,
} from './differences.queries.js'
import { expiredPacket } from './expired-packets.js'
import { ListedBookDifference } from './listed-book-difference.entity.js'

/** What an operator says of a difference that is settled. `amount`: what was agreed on, from 0 to the difference's. */
export interface DifferenceClosure {
  readonly tenantId: string | undefined
  readonly id: string
  readonly reason: string
  readonly amount: bigint
  readonly closedBy: string
}

const ENDED: Readonly<Record<DifferenceEnd, string>> = {
  charged: 'the ledger has charged the packet since it was noted',
  'not-taken': 'the next hop has rejected the packet since it was noted',
  superseded: 'another difference of the same packet says more',
}

// As many as one look at the ledger takes: the worker goes on with the next ones a minute later.
const ROWS_AT_ONCE = 1_000

/** Ends differences, by what operators agreed on or by what the ledger says. No money is moved, and no row deleted. */
export class DifferenceClosing {
  private lookedAt: string | undefined

  constructor(
    private readonly dataSource: DataSource,
    private readonly ledger: Ledger,
    private readonly clock: Clock,
  ) {}

  async close({ tenantId, id, reason, amount, closedBy }: DifferenceClosure): Promise<ListedBookDifference> {
    const { manager: db } = this.dataSource
    const row = (await findDifferenceRow(db, tenantId, id)) ?? (await this.noteExpired(tenantId, id))
    if (row.closedAt !== null) throw alreadyClosed(row)
    const end = (await endsOf(this.ledger, [row])).get(row.id)
    if (end !== undefined) throw noDifference(row, end)
    if (amount < 0n || amount > BigInt(row.amount)) throw wrongAmount(row, amount)
    const isClosed = await closeDifferenceRow(db, { id: row.id, at: this.clock.now(), reason, amount, closedBy })
    if (!isClosed) throw alreadyClosed((await findDifferenceRow(db, tenantId, row.id)) ?? row)
    return this.listed(row.id)
  }

  /** Closes those of the next so many open rows of which the ledger says that the books agree; returns how many. */
  async closeEnded(): Promise<number> {
    const { manager: db } = this.dataSource
    const rows = await openDifferenceRows(db, { after: this.lookedAt, limit: ROWS_AT_ONCE })
    this.lookedAt = rows.length < ROWS_AT_ONCE ? undefined : rows.at(-1)?.id
    const ends = await endsOf(this.ledger, rows)
    let closed = 0
    for (const [id, end] of ends) {
      const closing = { id, at: this.clock.now(), reason: ENDED[end], amount: undefined, closedBy: undefined }
      if (await closeDifferenceRow(db, closing)) closed += 1
    }
    return closed
  }

  /** A packet of which only the ledger tells: written down, to be closed like every other. */
  private async noteExpired(tenantId: string | undefined, id: string): Promise<DifferenceRow> {
    const { manager: db } = this.dataSource
    const packet = await expiredPacket({ db, ledger: this.ledger }, id)
    if (packet && (tenantId === undefined || packet.tenantId === tenantId))
      await insertAbandoned(db, { ...packet, notedAt: packet.expiredAt })
    // Also where there is no such packet any more: another call may have written it down meanwhile.
    const row = await findDifferenceRow(db, tenantId, id)
    if (row === undefined) throw unknown(id)
    return row
  }

  private async listed(id: string): Promise<ListedBookDifference> {
    const found = await this.dataSource.manager.findOneBy(ListedBookDifference, { id })
    assert(found, 'a difference that was closed is kept')
    return found
  }
}

function unknown(id: string): DomainError {
  const message = `There is no book difference "${id}"; the audit and bookDifferences list those there are, with their ids`
  return new DomainError('not-found', 'UnknownBookDifference', message)
}

function alreadyClosed({ id, closedAt, closedReason, closedAmount }: DifferenceRow): DomainError {
  const amount = closedAmount === null ? '' : ` with the amount ${closedAmount}`
  const message = `The difference "${id}" was closed at ${closedAt?.toISOString()}${amount}: ${closedReason}`
  return new DomainError('conflict', 'AlreadyClosed', message)
}

function noDifference({ id }: DifferenceRow, end: DifferenceEnd): DomainError {
  const message = `The difference "${id}" is none any more: ${ENDED[end]}; there is nothing to close`
  return new DomainError('conflict', 'NoDifference', message)
}

function wrongAmount({ id, amount: most, asset, peer }: DifferenceRow, amount: bigint): DomainError {
  const message = `amount is from 0 to ${most} (${asset}), what the difference "${id}" with ${peer} comes to, found ${amount}`
  return new DomainError('invalid', 'InvalidAmount', message)
}
