export const outgoingPaymentStates = ['FUNDING', 'SENDING', 'COMPLETED', 'FAILED', 'CANCELLED'] as const

export type OutgoingPaymentState = (typeof outgoingPaymentStates)[number]

/**
 * FUNDING waits for the operator's deposit, SENDING for the worker; a payment ends in one of the other three and stays
 * there. Every change is a compare-and-set from one of these states.
 */
export const outgoingPaymentTransitions = {
  FUNDING: ['SENDING', 'CANCELLED'],
  SENDING: ['COMPLETED', 'FAILED'],
  COMPLETED: [],
  FAILED: [],
  CANCELLED: [],
} as const satisfies Record<OutgoingPaymentState, readonly OutgoingPaymentState[]>

export function isEnded(state: OutgoingPaymentState): boolean {
  return outgoingPaymentTransitions[state].length === 0
}

/** The states from which `state` may be entered. */
export function statesBefore(state: OutgoingPaymentState): OutgoingPaymentState[] {
  return outgoingPaymentStates.filter((from) => {
    const next: readonly OutgoingPaymentState[] = outgoingPaymentTransitions[from]
    return next.includes(state)
  })
}

/** The steps of a payment's timeline. */
export type TimelineStep =
  | 'created'
  | 'funded'
  | 'sending'
  | 'retrying'
  | 'interrupted'
  | 'completed'
  | 'failed'
  | 'cancelled'
