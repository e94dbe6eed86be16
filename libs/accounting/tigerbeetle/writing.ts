import { assert } from '@kivuko/platform'
import type { Account, Transfer } from 'tigerbeetle-node'
import { isSameAccount, type NewAccount } from '../account.js'
import type { LedgerId } from '../ids.js'
import { accepted, type Outcome, type Refusal, refused, repeated } from '../outcome.js'
import { isSameTransfer, type LedgerTransfer, type Leg, TransferCode } from '../transfer.js'
import type { AccountDirectory, Sides } from './account-directory.js'
import { companionsOf, counterparts, creditLineAccount, hasRoom, newAccount, openedAccount } from './accounts.js'
import { ACCOUNT_FLAG } from './fields.js'
import { fundRoom } from './maximum.js'
import type { Reading } from './reading.js'
import type { Session } from './session.js'
import { answerForEach, isTaken, STATUS, transferRefusal } from './statuses.js'
import { END_ATTEMPTS, type End, endTransfers, legTransfers, linked, malformedLeg } from './transfers.js'

// The sides of reservations made by this process, so that their end need not ask for them.
const MAX_REMEMBERED = 100_000
// Opening an account races with another process only when both first meet the same row.
const ATTEMPTS = 3

/** A transfer for the cluster and the leg of the caller's chain it belongs to. */
interface Part {
  readonly leg: number
  readonly transfer: Transfer
}

/** Chains as linked transfers, and the cluster's answers as outcomes. */
export class Writing {
  private readonly companionBits = new Map<LedgerId, number>()

  constructor(
    private readonly session: Pick<Session, 'ask'>,
    private readonly directory: AccountDirectory,
    private readonly reading: Reading,
  ) {}

  /** Companions first: an account that can be used has its room. */
  async open(accounts: readonly NewAccount[]): Promise<Outcome> {
    assert(accounts.length > 0, 'at least one account is opened')
    await this.openCompanions(accounts.flatMap(companionsOf))
    for (const account of accounts) if (hasRoom(account)) await fundRoom(this.session, account)
    const outcome = await this.openMissing(accounts)
    if (outcome.kind === 'accepted') for (const account of accounts) this.directory.note(account)
    return outcome
  }

  /** The chain is sent up to the first leg whose account is not open, which is sent malformed: its id stays usable. */
  async write(legs: readonly Leg[], timeoutSeconds: number | undefined): Promise<Outcome> {
    const sides = await this.directory.sidesOf(legs)
    const unopened = sides.findIndex(({ refusal }) => refusal !== undefined)
    const sendable = unopened === -1 ? legs : legs.slice(0, unopened)
    await this.openCreditLines(sendable)
    const parts = sendable.flatMap((leg, index) => partsOf(leg, index, timeoutSeconds, sides[index]))
    const closed = legs[unopened]
    if (closed !== undefined) parts.push({ leg: unopened, transfer: malformedLeg(closed) })
    const failure = await this.create(parts)
    if (failure === undefined) {
      assert(closed === undefined, 'a leg whose account is not open is refused')
      if (timeoutSeconds !== undefined) this.remember(parts)
      return accepted
    }
    if (isTaken(failure.status) && (await this.stand(legs, timeoutSeconds))) return repeated
    const refusal = failure.status === STATUS.ledgerMustNotBeZero ? sides[failure.leg]?.refusal : undefined
    return refused(failure.leg, refusal ?? transferRefusal(failure.status))
  }

  async end(ids: readonly LedgerId[], end: End): Promise<Outcome> {
    const bits = await this.companionBitsOf(ids)
    for (let attempt = 0; attempt < END_ATTEMPTS; attempt++) {
      const parts = ids.flatMap((id, leg) =>
        endTransfers(id, end, attempt, bits.get(id) ?? 0).map((transfer) => ({ leg, transfer })),
      )
      const failure = await this.create(parts)
      if (failure === undefined) return accepted
      if (failure.status === STATUS.idAlreadyFailed) continue
      const refusal = isTaken(failure.status) ? ended(end) : transferRefusal(failure.status)
      return this.refusedEnd(ids, end, failure.leg, refusal)
    }
    return refused(0, 'unknown-reservation')
  }

  /** Looks first: an account made alone differs, for the cluster, from one made in a chain. */
  private async openMissing(accounts: readonly NewAccount[], attempt = 1): Promise<Outcome> {
    const found = await this.session.ask((client) => client.lookupAccounts(accounts.map(({ id }) => id)))
    const opened = new Map(found.map((account) => [account.id, openedAccount(account)]))
    const changed = accounts.findIndex(
      (account) => opened.has(account.id) && !isSameAccount(opened.get(account.id), account),
    )
    if (changed !== -1) return refused(changed, 'exists-with-different-content')
    const missing = accounts.filter(({ id }) => !opened.has(id))
    if (missing.length === 0) return repeated
    const last = missing.length - 1
    const events = missing
      .map(newAccount)
      .map((account, index) => (index === last ? account : { ...account, flags: account.flags | ACCOUNT_FLAG.linked }))
    const results = answerForEach(await this.session.ask((client) => client.createAccounts(events)), events)
    if (results.every(({ status }) => status === STATUS.created)) return accepted
    assert(attempt < ATTEMPTS, 'accounts that were missing can be opened, or another process has opened them')
    return this.openMissing(accounts, attempt + 1)
  }

  /** The first part that was refused; undefined when the chain stands. */
  private async create(parts: readonly Part[]): Promise<{ leg: number; status: number } | undefined> {
    const transfers = linked(parts.map(({ transfer }) => transfer))
    const results = answerForEach(await this.session.ask((client) => client.createTransfers(transfers)), transfers)
    const failed = results.findIndex(({ status }) => status !== STATUS.created && status !== STATUS.linkedEventFailed)
    const [part, result] = [parts[failed], results[failed]]
    return part && result && { leg: part.leg, status: result.status }
  }

  private async stand(legs: readonly Leg[], timeoutSeconds: number | undefined): Promise<boolean> {
    const found = await this.reading.lookup(legs.map(({ id }) => id))
    return legs.every((leg) => isSameTransfer(found.get(leg.id), leg, timeoutSeconds))
  }

  private async openCreditLines(legs: readonly Leg[]): Promise<void> {
    const accounts = legs
      .filter(({ code }) => code === TransferCode.credit)
      .flatMap(({ ledger, debitAccountId, creditAccountId }) => [
        ...counterparts(ledger),
        creditLineAccount(debitAccountId, ledger),
        creditLineAccount(creditAccountId, ledger),
      ])
    await this.openCompanions(accounts)
  }

  /** Harmless when repeated: the cluster answers that they exist. */
  private async openCompanions(accounts: Account[]): Promise<void> {
    if (accounts.length > 0)
      answerForEach(await this.session.ask((client) => client.createAccounts(accounts)), accounts)
  }

  /** Where the whole chain has had this end before, it is repeated; else the first leg that stood in the way is named. */
  private async refusedEnd(ids: readonly LedgerId[], end: End, leg: number, refusal: Refusal): Promise<Outcome> {
    if (refusal !== ended(end)) return refused(leg, refusal)
    const found = await this.reading.lookup(ids)
    const state = end === 'post' ? 'posted' : 'voided'
    const isEnded = (transfer: LedgerTransfer | undefined) =>
      transfer?.state === state && transfer.timeoutSeconds !== undefined
    return ids.every((id) => isEnded(found.get(id))) ? repeated : refused(leg, refusal)
  }

  private remember(parts: readonly Part[]): void {
    if (this.companionBits.size > MAX_REMEMBERED) this.companionBits.clear()
    for (const { transfer } of parts) this.companionBits.set(transfer.id, transfer.user_data_32)
  }

  private async companionBitsOf(ids: readonly LedgerId[]): Promise<ReadonlyMap<LedgerId, number>> {
    const bits = new Map<LedgerId, number>()
    for (const id of ids) {
      const known = this.companionBits.get(id)
      if (known !== undefined) bits.set(id, known)
      this.companionBits.delete(id)
    }
    const unknown = ids.filter((id) => !bits.has(id))
    if (unknown.length === 0) return bits
    const found = await this.session.ask((client) => client.lookupTransfers([...unknown]))
    for (const { id, user_data_32 } of found) bits.set(id, user_data_32)
    return bits
  }
}

function partsOf(leg: Leg, index: number, timeoutSeconds: number | undefined, sides: Sides | undefined): Part[] {
  assert(sides !== undefined, 'the sides of each leg are known')
  return legTransfers(leg, timeoutSeconds, sides.rooms).map((transfer) => ({ leg: index, transfer }))
}

function ended(end: End): Refusal {
  return end === 'post' ? 'already-posted' : 'already-voided'
}
