import { type Ledger, type LedgerId, type Leg, type Outcome, paymentLegs } from '@kivuko/accounting'
import type { Reply } from '@kivuko/ilp'
import { assert, type Clock } from '@kivuko/platform'
import { chargedBefore } from '../charged-before.js'
import type { Handler, Step } from '../handler.js'
import { ask, type LedgerConfirmations } from '../ledger-confirmations.js'
import { refusalFor } from '../ledger-refusals.js'
import { destinationOf, ledgerIdOf, type Packet } from '../packet.js'
import type { Refuse } from '../refuse.js'

export interface Reserving {
  readonly ledger: Ledger
  readonly confirmations: LedgerConfirmations
  readonly clock: Clock
  /** Longer than any packet is held: asserted at boot. */
  readonly timeoutSeconds: number
  readonly minMessageWindowMs: number
}

// An unknown answer is asked for again with the same ids; each call already has the ledger's own deadline.
const LEDGER_ATTEMPTS = 3

/**
 * Money moves here. A packet to a peer is reserved before it is sent, then posted or voided by the peer's answer. One
 * that ends here is transferred at once when its receiver would fulfill it. Amounts of 0 move nothing.
 */
export function reserveFunds(reserving: Reserving, refuse: Refuse): Step {
  const { ledger, confirmations, clock, timeoutSeconds, minMessageWindowMs } = reserving

  return (next) => (packet) => {
    if (packet.prepare.amount === 0n) return next(packet)
    if (packet.source.kind === 'payment' && packet.source.unfulfillable) return probe(packet, next)
    return destinationOf(packet).kind === 'peer' ? reserveThenDeliver(packet, next) : deliverThenTransfer(packet, next)
  }

  async function reserveThenDeliver(packet: Packet, next: Handler): Promise<Reply> {
    const legs = legsOf(packet)
    // Our own payment's reservation is never released by time: the receiver may have been paid without our knowing.
    const timeout = packet.source.kind === 'payment' ? 0 : timeoutSeconds
    const outcome = await untilKnown(() => ledger.reserve(legs, timeout))
    const ids = legs.map(({ id }) => id)
    if (outcome.kind === 'unknown') {
      await confirmations.void(ids, patienceFor(packet))
      return refuse(packet, 'T00', 'the ledger did not answer, try again later')
    }
    const charged = await takeOver(packet, legs, outcome)
    if (charged === 'fresh' || charged === 'pending') return deliverReserved(packet, ids, next)
    return charged === 'posted' ? next(packet) : refuseCharged(packet, charged)
  }

  async function deliverReserved(packet: Packet, ids: LedgerId[], next: Handler): Promise<Reply> {
    let isFulfilled = false
    try {
      const reply = await next(packet)
      isFulfilled = reply.type === 'fulfill'
      return reply
    } finally {
      if (isFulfilled) await confirmations.post(ids, patienceFor(packet))
      else if (packet.isUnresolved) packet.settleLate = (reply) => settleLate(packet, ids, reply)
      else await confirmations.void(ids, patienceFor(packet))
    }
  }

  /**
   * A late reject proves that nothing was taken. A late fulfill proves that our own payment has arrived; of a packet
   * that we forwarded it comes too late for the source, which has been told that it was rejected.
   */
  function settleLate(packet: Packet, ids: LedgerId[], reply: Reply): void {
    if (reply.type === 'reject') void confirmations.void(ids, 0)
    else if (packet.source.kind === 'payment') void confirmations.post(ids, 0)
  }

  async function deliverThenTransfer(packet: Packet, next: Handler): Promise<Reply> {
    const reply = await next(packet)
    if (reply.type === 'reject') return reply
    const legs = legsOf(packet)
    const outcome = await untilKnown(() => ledger.transfer(legs))
    if (outcome.kind === 'unknown') {
      confirmations.noteUnknownTransfer(
        legs.map(({ id }) => id),
        outcome.message,
      )
      return refuse(packet, 'T00', 'the ledger did not answer, try again later')
    }
    const charged = await takeOver(packet, legs, outcome)
    return charged === 'fresh' || charged === 'posted' ? reply : refuseCharged(packet, charged)
  }

  /** What an accepted or refused chain means for the packet: charged now, charged before, or not to be charged. */
  async function takeOver(packet: Packet, legs: readonly Leg[], outcome: Known): Promise<ChargeState> {
    if (outcome.kind === 'accepted' && !outcome.repeated) return 'fresh'
    if (outcome.kind === 'refused' && outcome.refusal !== 'exists-with-different-content') return outcome
    const before = await chargedBefore(ledger, legs, destinationOf(packet).accountId)
    if (!before) return 'elsewhere'
    packet.isRepeated = true
    packet.destinationAmount = before.destinationAmount
    return before.state
  }

  function refuseCharged(
    packet: Packet,
    charged: Exclude<ChargeState, 'fresh' | 'posted' | 'pending'> | 'pending',
  ): Promise<Reply> {
    if (typeof charged === 'string') {
      return refuse(packet, 'T00', `the same packet came before (${charged}): send a new one`)
    }
    const { code, message } = refusalFor(charged, legsOf(packet), packet.source.accountId)
    return refuse(packet, code, message)
  }

  async function probe(packet: Packet, next: Handler): Promise<Reply> {
    const reply = await next(packet)
    assert(reply.type === 'reject', "a quote's probe is never fulfilled: nobody would be charged for it")
    return reply
  }

  /** The answer must reach the source before its expiry, also when the ledger is slow. */
  function patienceFor({ prepare }: Packet): number {
    return prepare.expiresAt.getTime() - clock.nowMs() - minMessageWindowMs / 2
  }
}

type Known = Exclude<Outcome, { kind: 'unknown' }>
type Refused = Extract<Outcome, { kind: 'refused' }>
type ChargeState = 'fresh' | 'posted' | 'pending' | 'voided' | 'expired' | 'elsewhere' | Refused

function legsOf(packet: Packet): Leg[] {
  const { source, prepare, destinationAmount } = packet
  const reference = source.kind === 'payment' ? source.accountId : undefined
  const destination = destinationOf(packet)
  return paymentLegs({
    id: ledgerIdOf(packet),
    source,
    destination,
    sourceAmount: prepare.amount,
    destinationAmount,
    reference,
  })
}

async function untilKnown(call: () => Promise<Outcome>): Promise<Outcome> {
  let outcome = await ask(call)
  for (let attempt = 1; attempt < LEDGER_ATTEMPTS && outcome.kind === 'unknown'; attempt++) outcome = await ask(call)
  return outcome
}
