import { type Ledger, type Leg, type Outcome, paymentLegs, type TransferState } from '@kivuko/accounting'
import type { Reply } from '@kivuko/ilp'
import { chargedBefore } from './charged-before.js'
import { ask } from './ledger-confirmations.js'
import { refusalFor } from './ledger-refusals.js'
import { destinationOf, ledgerIdOf, type Packet } from './packet.js'
import type { Refuse } from './refuse.js'

type Known = Exclude<Outcome, { kind: 'unknown' }>
type Refused = Extract<Outcome, { kind: 'refused' }>

/**
 * Where the charge of a packet stands: made just now, made when the same bytes came before (in one of the ledger's
 * states, or to another account), or refused.
 */
export type ChargeState = 'fresh' | TransferState | 'elsewhere' | Refused

export function legsOf(packet: Packet): Leg[] {
  const { source, prepare, destinationAmount } = packet
  const reference = source.kind === 'payment' ? source.accountId : undefined
  const destination = destinationOf(packet)
  const sides = { source, destination, sourceAmount: prepare.amount, destinationAmount }
  return paymentLegs({ id: ledgerIdOf(packet), ...sides, reference })
}

// Each call already has the ledger's own deadline; after the third there is hardly time left to deliver.
const ATTEMPTS = 3

/** Asks again, with the same ids, when no answer came. */
export function untilKnown(call: () => Promise<Outcome>, attempts = ATTEMPTS): Promise<Outcome> {
  return ask(call).then((outcome) =>
    outcome.kind !== 'unknown' || attempts === 1 ? outcome : untilKnown(call, attempts - 1),
  )
}

/** Charged just now, as most packets are: nothing more has to be asked. */
export function isFresh(outcome: Outcome): boolean {
  return outcome.kind === 'accepted' && !outcome.repeated
}

/** What the ledger's answer means. A packet that came before takes over the amount that was recorded then. */
export async function chargeStateOf(packet: Packet, outcome: Known, ledger: Ledger): Promise<ChargeState> {
  if (isFresh(outcome)) return 'fresh'
  if (outcome.kind === 'refused' && outcome.refusal !== 'exists-with-different-content') return outcome
  const before = await chargedBefore(ledger, ledgerIdOf(packet), destinationOf(packet).accountId)
  if (!before) return 'elsewhere'
  packet.isRepeated = true
  packet.destinationAmount = before.destinationAmount
  return before.state
}

export function refuseCharge(
  packet: Packet,
  legs: readonly Leg[],
  state: Exclude<ChargeState, 'fresh' | 'posted'>,
  refuse: Refuse,
): Promise<Reply> {
  if (typeof state === 'string') return refuse(packet, 'T00', `the same packet came before (${state}): send a new one`)
  const { code, message } = refusalFor(state, legs, packet.source.accountId)
  return refuse(packet, code, message)
}
