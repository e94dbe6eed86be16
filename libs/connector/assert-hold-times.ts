import { type Config, ConfigError } from '@kivuko/platform'

// Time for the post to be retried after a packet was held as long as it may be.
const MARGIN_MS = 5_000

type HoldTimes = Pick<Config, 'maxHoldTimeMs' | 'minMessageWindowMs' | 'ledgerTwoPhaseTimeoutSeconds'>

/** A reservation that the ledger frees while its packet is held would be fulfilled and never charged. */
export function assertHoldTimes({ maxHoldTimeMs, minMessageWindowMs, ledgerTwoPhaseTimeoutSeconds }: HoldTimes): void {
  const neededMs = maxHoldTimeMs + minMessageWindowMs + MARGIN_MS
  if (ledgerTwoPhaseTimeoutSeconds * 1_000 >= neededMs) return
  throw new ConfigError([
    {
      variable: 'TIGERBEETLE_TWO_PHASE_TIMEOUT_SECONDS',
      found: `"${ledgerTwoPhaseTimeoutSeconds}"`,
      expected: `at least ${Math.ceil(neededMs / 1_000)}: MAX_HOLD_TIME_MS and MIN_MESSAGE_WINDOW_MS (${maxHoldTimeMs} + ${minMessageWindowMs} ms), and ${MARGIN_MS} ms to charge what was fulfilled`,
    },
  ])
}
