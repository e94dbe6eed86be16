import type { Balance } from '@kivuko/accounting'
import type { Finding } from './audit.js'

/**
 * An outgoing payment's row beside its account. `withdrawn`: what the operator took back after its end. `withdrawing`: what
 * open withdrawals hold.
 */
export interface OutgoingStanding {
  readonly id: string
  readonly state: string
  readonly debitAmount: bigint
  readonly sentAmount: bigint
  readonly balance: Balance
  readonly withdrawn: bigint
  readonly withdrawing: bigint
}

export interface IncomingStanding {
  readonly id: string
  readonly state: string
  readonly receivedAmount: bigint
  readonly balance: Balance
}

type Expectation = { readonly holds: boolean; readonly expected: string }

/** What the account must show in each state; a state without a line here is itself a finding. */
function outgoingExpectation(standing: OutgoingStanding): Expectation {
  const { state, debitAmount, sentAmount, withdrawn, withdrawing } = standing
  const { creditsPosted, debitsPosted, debitsPending } = standing.balance
  switch (state) {
    case 'FUNDING':
      return { holds: creditsPosted === 0n, expected: 'FUNDING: no money yet' }
    case 'CANCELLED':
      return {
        holds: creditsPosted === withdrawn && debitsPosted === withdrawn,
        expected: 'CANCELLED: not funded, or paid back',
      }
    case 'SENDING':
      return { holds: creditsPosted === debitAmount, expected: `SENDING: funded with ${debitAmount}` }
    case 'COMPLETED':
    case 'FAILED': {
      const isSent = debitsPosted - withdrawn === sentAmount && debitsPending === withdrawing
      const holds = creditsPosted === debitAmount && isSent
      return { holds, expected: `${state}: funded with ${debitAmount}, sent ${sentAmount}, nothing reserved` }
    }
    default:
      return { holds: false, expected: 'one of FUNDING, SENDING, COMPLETED, FAILED, CANCELLED' }
  }
}

function incomingExpectation({ state, receivedAmount, balance }: IncomingStanding): Expectation {
  const { creditsPosted, creditsPending } = balance
  switch (state) {
    case 'PENDING':
      return { holds: creditsPosted === 0n && receivedAmount === 0n, expected: 'PENDING: nothing received' }
    case 'PROCESSING':
      return {
        holds: creditsPosted === receivedAmount && receivedAmount > 0n,
        expected: `PROCESSING: received ${receivedAmount}`,
      }
    case 'COMPLETED':
    case 'EXPIRED': {
      const holds = creditsPosted === receivedAmount && creditsPending === 0n
      return { holds, expected: `${state}: received ${receivedAmount}, nothing reserved` }
    }
    default:
      return { holds: false, expected: 'one of PENDING, PROCESSING, COMPLETED, EXPIRED' }
  }
}

export function outgoingDiffers(standing: OutgoingStanding): Finding | undefined {
  const { id, state, balance, withdrawn, withdrawing } = standing
  const { holds, expected } = outgoingExpectation(standing)
  if (holds) return undefined
  return {
    kind: 'payment-differs',
    subject: `outgoing payment ${id}`,
    expected,
    found: `${state}: account has credits ${balance.creditsPosted}, debits ${balance.debitsPosted}, reserved ${balance.debitsPending - withdrawing}, withdrawn ${withdrawn}`,
    advice: 'the ledger is right about money: compare with the timeline of the payment before changing the row',
  }
}

export function incomingDiffers(standing: IncomingStanding): Finding | undefined {
  const { id, state, balance } = standing
  const { holds, expected } = incomingExpectation(standing)
  if (holds) return undefined
  return {
    kind: 'payment-differs',
    subject: `incoming payment ${id}`,
    expected,
    found: `${state}: account has credits ${balance.creditsPosted}, reserved ${balance.creditsPending}`,
    advice: 'the ledger is right about money: the row follows the post and should have caught up',
  }
}
