import { describe, expect, it } from 'vitest'
import { assertHoldTimes } from './assert-hold-times.js'

const times = { maxHoldTimeMs: 30_000, minMessageWindowMs: 1_000, ledgerTwoPhaseTimeoutSeconds: 36 }

describe('the timeout of reservations', () => {
  it('covers the longest hold, the message window and 5 seconds to charge', () => {
    expect(() => assertHoldTimes(times)).not.toThrow()
  })

  it('stops the start when it does not, and says which number would do', () => {
    expect(() => assertHoldTimes({ ...times, ledgerTwoPhaseTimeoutSeconds: 35 })).toThrow(
      'TIGERBEETLE_TWO_PHASE_TIMEOUT_SECONDS: found "35"; expected at least 36',
    )
  })
})
