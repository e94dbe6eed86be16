import { type Leg, type Outcome, paymentLegs } from '@kivuko/accounting'
import type { Reply } from '@kivuko/ilp'
import { ask } from './ledger-confirmations.js'
import { refusalFor } from './ledger-refusals.js'
import { destinationOf, ledgerIdOf, type Packet } from './packet.js'
import type { Refuse } from './refuse.js'

export type Refused = Extract<Outcome, { kind: 'refused' }>

/** Of our own payments the reference is their account; of a forwarded packet, what its reservation has to say. */
export function legsOf(packet: Packet, forwardedReference?: bigint): Leg[] {
  const { source, prepare, destinationAmount } = packet
  const reference = source.kind === 'payment' ? source.accountId : forwardedReference
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

/** The ledger has these ids, with the same content or another: the same bytes came before. */
export function isRecorded(outcome: Exclude<Outcome, { kind: 'unknown' }>): boolean {
  return outcome.kind === 'accepted' ? outcome.repeated : outcome.refusal === 'exists-with-different-content'
}

export function refuseCharge(packet: Packet, legs: readonly Leg[], outcome: Refused, refuse: Refuse): Promise<Reply> {
  const { code, message } = refusalFor(outcome, legs, packet.source.accountId)
  return refuse(packet, code, message)
}

/** The bytes were reserved before, and given back: their id cannot be charged any more. */
export function refuseEnded(packet: Packet, state: 'voided' | 'expired', refuse: Refuse): Promise<Reply> {
  return refuse(packet, 'T00', `the same packet came before (${state}): send a new one`)
}
