export const incomingPaymentStates = ['PENDING', 'PROCESSING', 'COMPLETED', 'EXPIRED'] as const

export type IncomingPaymentState = (typeof incomingPaymentStates)[number]

/** PENDING until the first money, PROCESSING until the last; then nothing changes the state any more. */
export const incomingPaymentTransitions = {
  PENDING: ['PROCESSING', 'COMPLETED', 'EXPIRED'],
  PROCESSING: ['COMPLETED', 'EXPIRED'],
  COMPLETED: [],
  EXPIRED: [],
} as const satisfies Record<IncomingPaymentState, readonly IncomingPaymentState[]>

export function isOpen(state: IncomingPaymentState): boolean {
  return incomingPaymentTransitions[state].length > 0
}

/** The state after `received` in all has been credited; closed payments stay what they are. */
export function stateAfter(
  state: IncomingPaymentState,
  received: bigint,
  incomingAmount: bigint | null,
): IncomingPaymentState {
  if (!isOpen(state) || received === 0n) return state
  return incomingAmount !== null && received >= incomingAmount ? 'COMPLETED' : 'PROCESSING'
}
