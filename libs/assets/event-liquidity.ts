import { randomUUID } from 'node:crypto'
import {
  depositLegs,
  derivedId,
  idFromUuid,
  type Ledger,
  type LedgerId,
  type LedgerTransfer,
  type Outcome,
  TransferCode,
  uuidFromId,
  withdrawalLegs,
} from '@kivuko/accounting'
import { assert } from '@kivuko/platform'
import { eventTransferId, findEventTransfers } from './event-transfer-ids.js'
import {
  checkAmount,
  checkTimeout,
  Liquidity,
  type LiquidityAccount,
  posting,
  throwUnlessAccepted,
} from './liquidity.js'
import {
  ledgerContended,
  nothingToWithdraw,
  refusedTransfer,
  withdrawalEnded,
  withdrawalStands,
} from './liquidity-errors.js'

/** Money moved once for an event, mostly a webhook's: its ids are derived from the event's, the caller does not choose them. */
export interface EventDeposit {
  readonly eventId: string
  readonly amount: bigint
  /** Names the call; only repetitions of it have the same name. Left out, every call is one of its own. */
  readonly call?: string
}

/** `timeoutSeconds` as in LiquidityWithdrawal. */
export interface EventWithdrawal extends EventDeposit {
  readonly timeoutSeconds: bigint
}

/** The deposit of an event, made by the call that asks or, at that time, by another one. */
export type StandingDeposit = { readonly isOwn: true } | { readonly isOwn: false; readonly at: Date }

// Each round without an answer means that another process used the id, or that the ledger had refused it before.
const MAX_ROUNDS = 32

/**
 * Deposits and withdrawals that happen once per event, whoever asks. Each transfer carries the name of the call that made
 * it, so that a call is told success only of what it did itself, also when its first answer was lost.
 */
export class EventLiquidity {
  private readonly liquidity: Liquidity

  constructor(private readonly ledger: Ledger) {
    this.liquidity = new Liquidity(ledger)
  }

  async deposit(account: LiquidityAccount, { eventId, amount, call }: EventDeposit): Promise<StandingDeposit> {
    checkAmount(eventId, amount)
    const reference = referenceOf(call)
    for (let attempt = 0; attempt < MAX_ROUNDS; attempt += 1) {
      const id = eventTransferId(eventId, attempt)
      const outcome = await this.liquidity.submit(account, depositLegs({ id, amount, reference, ...posting(account) }))
      if (!isIdUsed(outcome)) {
        throwUnlessAccepted(outcome, uuidFromId(id))
        return { isOwn: true }
      }
      const found = (await this.ledger.lookup([id])).get(id)
      assert(found !== undefined || isRemembered(outcome), 'a transfer that is in the way of a deposit can be read')
      if (found !== undefined && isDepositTo(account, found)) return standing(found, reference)
    }
    throw ledgerContended(eventId)
  }

  /** The event's deposit, if there is one. */
  async findDeposit(
    account: LiquidityAccount,
    { eventId, call }: Omit<EventDeposit, 'amount'>,
  ): Promise<StandingDeposit | undefined> {
    const found = await findEventTransfers(this.ledger, eventId)
    const deposit = found.find(({ transfer }) => isDepositTo(account, transfer))
    return deposit && standing(deposit.transfer, referenceOf(call))
  }

  /** Refused while a withdrawal of the event is open, and when one was posted; after a void or a timeout made again. */
  async withdraw(account: LiquidityAccount, withdrawal: EventWithdrawal): Promise<void> {
    const { eventId, amount, call } = withdrawal
    const timeoutSeconds = checkTimeout(withdrawal.timeoutSeconds)
    const reference = referenceOf(call)
    let attempt = 0
    for (let round = 0; round < MAX_ROUNDS; round += 1) {
      const made = (await findEventTransfers(this.ledger, eventId)).filter(({ transfer }) =>
        isWithdrawal(account, transfer),
      )
      const transfers = made.map(({ transfer }) => transfer)
      if (isMadeBy(reference, transfers)) return
      attempt = Math.max(attempt, (made.at(-1)?.attempt ?? -1) + 1)
      await this.checkFunds(account, eventId, amount)
      const id = eventTransferId(eventId, attempt)
      const legs = withdrawalLegs({ id, amount, reference, ...posting(account) })
      const outcome = await this.liquidity.submit(account, legs, timeoutSeconds)
      if (!isIdUsed(outcome)) return throwUnlessAccepted(outcome, uuidFromId(id))
      attempt += 1
    }
    throw ledgerContended(eventId)
  }

  // A ledger that remembers refused ids would remember this one.
  private async checkFunds(account: LiquidityAccount, eventId: string, amount: bigint): Promise<void> {
    if (amount === 0n) throw nothingToWithdraw(eventId)
    const held = (await this.liquidity.of([account.id])).get(account.id) ?? 0n
    if (held < amount) throw refusedTransfer('insufficient-funds', eventId)
  }
}

/** Whether the call has made a withdrawal that stands; throws where none may be made now. */
function isMadeBy(reference: bigint, transfers: readonly LedgerTransfer[]): boolean {
  const own = transfers.filter((transfer) => transfer.reference === reference)
  if (own.some(({ state }) => state === 'pending' || state === 'posted')) return true
  const standing = transfers.find(({ state }) => state === 'pending' || state === 'posted')
  if (standing !== undefined) throw withdrawalStands(standing)
  const ended = own.at(-1)
  if (ended !== undefined) throw withdrawalEnded(ended, 'idempotencyKey')
  return false
}

function referenceOf(call: string = randomUUID()): LedgerId {
  return derivedId('call', call)
}

function standing({ reference, createdAt }: LedgerTransfer, own: LedgerId): StandingDeposit {
  return reference === own ? { isOwn: true } : { isOwn: false, at: createdAt }
}

/** By another transfer, or by a refusal that the ledger remembers: the id can never be this call's. */
function isIdUsed(outcome: Outcome): boolean {
  return isRemembered(outcome) || (outcome.kind === 'refused' && outcome.refusal === 'exists-with-different-content')
}

function isRemembered(outcome: Outcome): boolean {
  return outcome.kind === 'refused' && outcome.refusal === 'already-refused'
}

function isDepositTo({ id }: LiquidityAccount, { code, creditAccountId }: LedgerTransfer): boolean {
  return code === TransferCode.deposit && creditAccountId === idFromUuid(id)
}

function isWithdrawal({ id }: LiquidityAccount, { code, debitAccountId }: LedgerTransfer): boolean {
  return code === TransferCode.withdrawal && debitAccountId === idFromUuid(id)
}
