import { assert } from '@kivuko/platform'
import type { Transfer } from 'tigerbeetle-node'
import type { NewAccount } from '../account.js'
import { derivedId, type LedgerId, timeOrderedId } from '../ids.js'
import { accepted, type Outcome, refused, repeated } from '../outcome.js'
import { changesOf, counterpartOf, openedAccount, roomOf } from './accounts.js'
import { FILTER_FLAG, KIND, NOTHING, OWN_CODE } from './fields.js'
import type { Reading } from './reading.js'
import type { Session } from './session.js'
import { answerForEach, isTaken, STATUS } from './statuses.js'
import { blankTransfer, linked } from './transfers.js'

/** What a room without a maximum starts with: more than ever moves through an account. */
export const UNLIMITED = 2n ** 100n

// Each lost race means that another process has set the maximum; two operators rarely do so at once.
const ATTEMPTS = 5

/** Fills the room of an account to be opened; again harmless, because its id is derived. */
export async function fundRoom(
  session: Pick<Session, 'ask'>,
  { id, ledger, mostCredits = UNLIMITED }: NewAccount,
): Promise<void> {
  const funding = [roomChange(derivedId('room funding', id), id, ledger, mostCredits)]
  const [result] = answerForEach(await session.ask((client) => client.createTransfers(funding)), funding)
  assert(result && (result.status === STATUS.created || isTaken(result.status)), `the room of account ${id} is funded`)
}

/**
 * Widens or narrows the room by the difference. Each change carries a marker whose id comes from the change before it:
 * of two processes that start from the same, one finds the marker taken and looks again.
 */
export async function setMaximum(
  session: Session,
  reading: Reading,
  clock: { nowMs(): number },
  accountId: LedgerId,
  maximum: bigint | undefined,
): Promise<Outcome> {
  for (let attempt = 0; attempt < ATTEMPTS; attempt++) {
    const account = await find(session, accountId)
    if (account === undefined) return refused(0, 'unknown-account')
    if (account.limit !== 'both') return refused(0, 'no-maximum')
    const before = await lastChange(session, accountId)
    const balance = (await reading.balances([accountId])).get(accountId)
    const change = (maximum ?? UNLIMITED) - (balance?.maximum ?? UNLIMITED)
    if (change === NOTHING) return repeated
    const marker: Transfer = {
      ...blankTransfer(derivedId('room change', accountId, before)),
      debit_account_id: counterpartOf(account.ledger),
      credit_account_id: changesOf(account.ledger),
      amount: 1n,
      ledger: account.ledger,
      code: OWN_CODE.room,
    }
    const moved = roomChange(timeOrderedId(clock.nowMs()), accountId, account.ledger, change)
    const events = linked([marker, moved])
    const results = answerForEach(await session.ask((client) => client.createTransfers(events)), events)
    if (results.every(({ status }) => status === STATUS.created)) return accepted
    if (results[0]?.status === STATUS.linkedEventFailed) return refused(0, 'insufficient-room')
  }
  return { kind: 'unknown', message: `The maximum of account ${accountId} is being changed by others; try again.` }
}

function roomChange(id: LedgerId, accountId: LedgerId, ledger: number, change: bigint): Transfer {
  const room = roomOf(accountId)
  const counterpart = counterpartOf(ledger)
  return {
    ...blankTransfer(id),
    debit_account_id: change > NOTHING ? room : counterpart,
    credit_account_id: change > NOTHING ? counterpart : room,
    amount: change > NOTHING ? change : -change,
    user_data_64: KIND.bound,
    ledger,
    code: OWN_CODE.room,
  }
}

async function find(session: Session, id: LedgerId): Promise<NewAccount | undefined> {
  const [account] = await session.ask((client) => client.lookupAccounts([id]))
  return account && openedAccount(account)
}

/** The time of the room's last change, in the cluster's nanoseconds. */
async function lastChange(session: Session, accountId: LedgerId): Promise<bigint> {
  const filter = {
    account_id: roomOf(accountId),
    user_data_128: NOTHING,
    user_data_64: KIND.bound,
    user_data_32: 0,
    code: OWN_CODE.room,
    timestamp_min: NOTHING,
    timestamp_max: NOTHING,
    limit: 1,
    flags: FILTER_FLAG.debits | FILTER_FLAG.credits | FILTER_FLAG.reversed,
  }
  const [last] = await session.ask((client) => client.getAccountTransfers(filter))
  return last?.timestamp ?? NOTHING
}
