import { describe, expect, it } from 'vitest'
import { isEnded, outgoingPaymentStates, outgoingPaymentTransitions, statesBefore } from './lifecycle.js'

describe('an outgoing payment', () => {
  it('goes from FUNDING over SENDING to one of two ends, or is cancelled before it is funded', () => {
    expect(outgoingPaymentTransitions).toEqual({
      FUNDING: ['SENDING', 'CANCELLED'],
      SENDING: ['COMPLETED', 'FAILED'],
      COMPLETED: [],
      FAILED: [],
      CANCELLED: [],
    })
    expect(outgoingPaymentStates.filter(isEnded)).toEqual(['COMPLETED', 'FAILED', 'CANCELLED'])
  })

  it('is changed only from the states before', () => {
    expect(statesBefore('SENDING')).toEqual(['FUNDING'])
    expect(statesBefore('COMPLETED')).toEqual(['SENDING'])
    expect(statesBefore('FAILED')).toEqual(['SENDING'])
    expect(statesBefore('CANCELLED')).toEqual(['FUNDING'])
    expect(statesBefore('FUNDING')).toEqual([])
  })
})
