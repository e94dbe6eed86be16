import type { LedgerId, Leg, Outcome } from '@kivuko/accounting'
import type { Refusal } from './local-receiver.js'

type Refused = Extract<Outcome, { kind: 'refused' }>

/** How a sender reads a refusal of the ledger. What no packet can cause is a bug, and thrown. */
export function refusalFor({ refusal, leg }: Refused, legs: readonly Leg[], sourceId: LedgerId): Refusal {
  switch (refusal) {
    case 'insufficient-funds':
      return legs[leg]?.debitAccountId === sourceId
        ? { code: 'T04', message: 'insufficient balance of the source account.' }
        : { code: 'T04', message: 'insufficient liquidity in the destination asset.' }
    case 'insufficient-room':
      // The classic connector's words: its alerts look for them.
      return { code: 'T04', message: 'exceeded maximum balance.' }
    case 'already-refused':
      return { code: 'T04', message: 'insufficient balance when the same packet came first: send a new one.' }
    default:
      throw new Error(`the ledger refused leg ${leg} of a packet: ${refusal}`)
  }
}
