import { describe, expect, it } from 'vitest'
import { incomingPaymentStates, incomingPaymentTransitions, isOpen, stateAfter } from './lifecycle.js'

describe('an incoming payment', () => {
  it('is open until it is completed or has expired', () => {
    expect(incomingPaymentStates.filter(isOpen)).toEqual(['PENDING', 'PROCESSING'])
    expect(incomingPaymentTransitions.PROCESSING).not.toContain('PENDING')
  })

  it.each([
    ['PENDING', 0n, 100n, 'PENDING'],
    ['PENDING', 1n, 100n, 'PROCESSING'],
    ['PROCESSING', 99n, 100n, 'PROCESSING'],
    ['PROCESSING', 100n, 100n, 'COMPLETED'],
    ['PENDING', 101n, 100n, 'COMPLETED'],
    ['PROCESSING', 10n ** 18n, null, 'PROCESSING'],
    ['COMPLETED', 100n, 200n, 'COMPLETED'],
    ['EXPIRED', 100n, 100n, 'EXPIRED'],
  ] as const)('that is %s and has received %s of %s is %s', (state, received, incomingAmount, next) => {
    expect(stateAfter(state, received, incomingAmount)).toBe(next)
  })
})
