import type { Account, Transfer } from 'tigerbeetle-node'
import type { Balance, LedgerAccount } from '../account.js'
import type { LedgerId } from '../ids.js'
import type { ExpiredPage, IdPage, StatementPage, TimedPage } from '../ledger.js'
import type { LedgerTransfer } from '../transfer.js'
import { creditLineOf, openedAccount, roomOf } from './accounts.js'
import { FILTER_FLAG, KIND, MAX_EVENTS, NOTHING, TRANSFER_FLAG } from './fields.js'
import { UNLIMITED } from './maximum.js'
import type { Session } from './session.js'
import { END_ATTEMPTS, endId } from './transfers.js'

const NANOSECONDS_PER_MS = 1_000_000n
const NANOSECONDS_PER_SECOND = 1_000_000_000n
// An account with its room and its credit line; a reservation with the ids that its ends may have.
const ACCOUNTS_PER_REQUEST = Math.floor(MAX_EVENTS / 3)
const RESERVATIONS_PER_REQUEST = Math.floor(MAX_EVENTS / (2 * END_ATTEMPTS))
const ENDS = Array.from({ length: END_ATTEMPTS }, (_, attempt) => attempt)

/** What the cluster holds, in the port's words. */
export class Reading {
  constructor(
    private readonly session: Pick<Session, 'ask'>,
    private readonly clock: { nowMs(): number },
  ) {}

  async balances(ids: readonly LedgerId[]): Promise<Map<LedgerId, Balance>> {
    const found = new Map<LedgerId, Balance>()
    for (const some of chunks(ids, ACCOUNTS_PER_REQUEST)) {
      const wanted = some.flatMap((id) => [id, roomOf(id), creditLineOf(id)])
      const accounts = await this.session.ask((client) => client.lookupAccounts(wanted))
      const byId = new Map(accounts.map((account) => [account.id, account]))
      for (const id of some) {
        const account = byId.get(id)
        if (account) found.set(id, balanceOf(account, byId.get(roomOf(id)), byId.get(creditLineOf(id))))
      }
    }
    return found
  }

  async lookup(ids: readonly LedgerId[]): Promise<Map<LedgerId, LedgerTransfer>> {
    const found: Transfer[] = []
    for (const some of chunks(ids, MAX_EVENTS)) {
      found.push(...(await this.session.ask((client) => client.lookupTransfers(some))))
    }
    const transfers = await this.withStates(found.filter(isOfThePort))
    return new Map(transfers.map((transfer) => [transfer.id, transfer]))
  }

  /** Ends of reservations are entries of their own in the cluster, here the reservation's state: pages are filled up. */
  async statement(accountId: LedgerId, { limit, before }: StatementPage): Promise<LedgerTransfer[]> {
    const page: Transfer[] = []
    let until = before === undefined ? NOTHING : before - 1n
    while (page.length < limit) {
      const filter = accountFilter(accountId, until)
      const some = await this.session.ask((client) => client.getAccountTransfers(filter))
      page.push(...some.filter(isOfThePort))
      const last = some.at(-1)
      if (last === undefined || some.length < filter.limit) break
      until = last.timestamp - 1n
    }
    return this.withStates(page.slice(0, limit))
  }

  async accounts({ limit, after }: IdPage): Promise<LedgerAccount[]> {
    const page: LedgerAccount[] = []
    let from = await this.afterAccount(after)
    while (page.length < limit) {
      const filter = { ...anything, timestamp_min: from, limit: ACCOUNTS_PER_REQUEST }
      const some = await this.session.ask((client) => client.queryAccounts(filter))
      page.push(...(await this.withBalances(some)))
      const last = some.at(-1)
      if (last === undefined || some.length < filter.limit) break
      from = last.timestamp + 1n
    }
    return page.slice(0, limit)
  }

  openReservations(page: IdPage): Promise<LedgerTransfer[]> {
    return this.reservations(page, ({ state }) => state === 'pending')
  }

  timedReservations({ madeSince, ...page }: TimedPage): Promise<LedgerTransfer[]> {
    const since = BigInt(madeSince.getTime()) * NANOSECONDS_PER_MS
    const isMeant = ({ state, expiresAt }: LedgerTransfer) => state === 'pending' && expiresAt !== undefined
    return this.reservations(page, isMeant, since)
  }

  expiredReservations({ since, ...page }: ExpiredPage): Promise<LedgerTransfer[]> {
    return this.reservations(
      page,
      ({ state, expiresAt }) => state === 'expired' && expiresAt !== undefined && expiresAt >= since,
    )
  }

  private async reservations(
    { limit, after }: IdPage,
    isMeant: (transfer: LedgerTransfer) => boolean,
    since = NOTHING,
  ): Promise<LedgerTransfer[]> {
    const page: LedgerTransfer[] = []
    let from = after === undefined ? since : await this.afterTransfer(after)
    while (page.length < limit) {
      const filter = {
        ...anything,
        user_data_64: KIND.reservation,
        timestamp_min: from,
        limit: RESERVATIONS_PER_REQUEST,
      }
      const some = await this.session.ask((client) => client.queryTransfers(filter))
      const transfers = await this.withStates(some.filter(isOfThePort))
      page.push(...transfers.filter(isMeant))
      const last = some.at(-1)
      if (last === undefined || some.length < filter.limit) break
      from = last.timestamp + 1n
    }
    return page.slice(0, limit)
  }

  private async withBalances(accounts: readonly Account[]): Promise<LedgerAccount[]> {
    const opened = accounts.map(openedAccount).filter((account) => account !== undefined)
    const balances = await this.balances(opened.map(({ id }) => id))
    return opened.flatMap((account) => {
      const balance = balances.get(account.id)
      return balance === undefined ? [] : [{ ...account, ...balance }]
    })
  }

  private async withStates(transfers: readonly Transfer[]): Promise<LedgerTransfer[]> {
    const ends = new Set<LedgerId>()
    for (const some of chunks(transfers.filter(isReservation), RESERVATIONS_PER_REQUEST)) {
      const ids = some.flatMap(({ id }) => ENDS.flatMap((n) => [endId(id, 'post', n), endId(id, 'void', n)]))
      for (const { id } of await this.session.ask((client) => client.lookupTransfers(ids))) ends.add(id)
    }
    return transfers.map((transfer) => this.withState(transfer, ends))
  }

  private withState(transfer: Transfer, ends: ReadonlySet<LedgerId>): LedgerTransfer {
    const asAsked = {
      id: transfer.id,
      ledger: transfer.ledger,
      debitAccountId: transfer.debit_account_id,
      creditAccountId: transfer.credit_account_id,
      amount: transfer.amount,
      code: transfer.code,
      ...(transfer.user_data_128 !== NOTHING && { reference: transfer.user_data_128 }),
      position: transfer.timestamp,
      createdAt: atMs(transfer.timestamp),
    }
    if (!isReservation(transfer)) return { ...asAsked, state: 'posted' }
    const expiry = transfer.timestamp + BigInt(transfer.timeout) * NANOSECONDS_PER_SECOND
    const isOver = transfer.timeout > 0 && expiry <= BigInt(Math.trunc(this.clock.nowMs())) * NANOSECONDS_PER_MS
    const was = (end: 'post' | 'void') => ENDS.some((n) => ends.has(endId(transfer.id, end, n)))
    const state = was('post') ? 'posted' : was('void') ? 'voided' : isOver ? 'expired' : 'pending'
    const timing = { timeoutSeconds: transfer.timeout, ...(transfer.timeout > 0 && { expiresAt: atMs(expiry) }) }
    return { ...asAsked, ...timing, state }
  }

  private async afterAccount(after: LedgerId | undefined): Promise<bigint> {
    if (after === undefined) return NOTHING
    const [last] = await this.session.ask((client) => client.lookupAccounts([after]))
    return last === undefined ? NOTHING : last.timestamp + 1n
  }

  private async afterTransfer(after: LedgerId | undefined): Promise<bigint> {
    if (after === undefined) return NOTHING
    const [last] = await this.session.ask((client) => client.lookupTransfers([after]))
    return last === undefined ? NOTHING : last.timestamp + 1n
  }
}

const anything = {
  user_data_128: NOTHING,
  user_data_64: NOTHING,
  user_data_32: 0,
  ledger: 0,
  code: 0,
  timestamp_min: NOTHING,
  timestamp_max: NOTHING,
  limit: 0,
  flags: 0,
}

function accountFilter(accountId: LedgerId, until: bigint) {
  const { ledger: _, ...fields } = anything
  const flags = FILTER_FLAG.debits | FILTER_FLAG.credits | FILTER_FLAG.reversed
  return { ...fields, account_id: accountId, timestamp_max: until, limit: RESERVATIONS_PER_REQUEST, flags }
}

function balanceOf(account: Account, room: Account | undefined, line: Account | undefined): Balance {
  const creditLine = line === undefined ? NOTHING : line.credits_posted - line.debits_posted
  const sums = {
    debitsPosted: account.debits_posted,
    debitsPending: account.debits_pending,
    creditsPosted: account.credits_posted,
    creditsPending: account.credits_pending,
    creditLine,
  }
  // The room of limited credits says nothing of the balance.
  if (room === undefined || openedAccount(account)?.limit !== 'both') return sums
  const held = account.credits_posted + account.credits_pending - account.debits_posted - creditLine
  const maximum = held + room.debits_posted - room.credits_posted - room.credits_pending
  return maximum === UNLIMITED ? sums : { ...sums, maximum }
}

function isOfThePort({ user_data_64 }: Transfer): boolean {
  return user_data_64 === KIND.posted || user_data_64 === KIND.reservation
}

function isReservation({ flags }: Transfer): boolean {
  return (flags & TRANSFER_FLAG.pending) !== 0
}

function atMs(nanoseconds: bigint): Date {
  return new Date(Number.parseInt((nanoseconds / NANOSECONDS_PER_MS).toString(), 10))
}

function* chunks<T>(items: readonly T[], size: number): Generator<T[]> {
  for (let at = 0; at < items.length; at += size) yield items.slice(at, at + size)
}
