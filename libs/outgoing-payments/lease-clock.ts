import type { Clock } from '@kivuko/platform'

// A living worker says so this often within one lease.
const EXTENSIONS_PER_LEASE = 3
// Whoever follows finds nothing that is still being sent: the rest of the lease is for packets just on their way.
const MARGIN_PART = 6

export interface LeaseTerms {
  readonly leaseMs: number
  /** As it was claimed. */
  readonly endsAtMs: number
  readonly clock: Clock
  /** Until when the lease is extended; `lost` when another has it, undefined when that could not be asked. */
  readonly extend: (endsAtMs: number) => Promise<'lost' | 'extended' | undefined>
  readonly abort: (reason: Error) => void
}

/** Extends a lease while it is held, and aborts what is done under it before it ends. Returns what stops both. */
export function keepLease({ leaseMs, endsAtMs: firstEndMs, clock, extend, abort }: LeaseTerms): () => void {
  const abortBefore = (endsAtMs: number) =>
    setTimeout(
      () => abort(new Error('the lease of the payment has ended')),
      Math.max(endsAtMs - leaseMs / MARGIN_PART - clock.nowMs(), 0),
    )
  let end = abortBefore(firstEndMs)
  let isKept = true
  const extendOnce = async (): Promise<void> => {
    const endsAtMs = clock.nowMs() + leaseMs
    const outcome = await extend(endsAtMs)
    if (outcome === 'lost') abort(new Error('another worker has taken the payment over'))
    if (outcome !== 'extended' || !isKept) return
    clearTimeout(end)
    end = abortBefore(endsAtMs)
  }
  const timer = setInterval(() => void extendOnce(), leaseMs / EXTENSIONS_PER_LEASE)
  return () => {
    isKept = false
    clearInterval(timer)
    clearTimeout(end)
  }
}
