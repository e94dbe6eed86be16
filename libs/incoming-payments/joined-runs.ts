interface Run {
  /** Resolves when another may begin. */
  readonly over: Promise<void>
  /** Set while another run is wanted after this one: by all who asked meanwhile. */
  next?: Promise<void>
}

// A database that restarts is back in seconds; after the last of these waits, some minutes later, the next start of the
// process makes up for it.
const FIRST_WAIT_MS = 500
const LONGEST_WAIT_MS = 30_000
const REPETITIONS = 20
const MAX_REPEATED = 10_000

/**
 * One run per key at a time; all who ask while it runs, or rests after it, share the next, which begins after they
 * asked: with a rest, what is asked for all the time is done a few times a second. A run that fails is repeated in the
 * background: what it was to write down has happened already.
 */
export class JoinedRuns {
  private readonly runs = new Map<string, Run>()
  private readonly failures = new Map<string, number>()
  private readonly resting = new Set<() => void>()
  private isFinishing = false

  constructor(private readonly restMs = 0) {}

  /** Resolves with a run that began after the call. */
  run(key: string, work: () => Promise<void>): Promise<void> {
    const running = this.runs.get(key)
    if (running === undefined) return this.start(key, work)
    running.next ??= running.over.then(() => this.start(key, work))
    return running.next
  }

  /** Rests no more: resolves when all that was asked for has been done once. */
  async finish(): Promise<void> {
    this.isFinishing = true
    for (const end of this.resting) end()
    while (this.runs.size > 0) await Promise.allSettled([...this.runs.values()].map(({ next, over }) => next ?? over))
  }

  private start(key: string, work: () => Promise<void>): Promise<void> {
    const done = work()
    const rested = () => this.rest()
    const run: Run = { over: done.then(rested, () => undefined) }
    this.runs.set(key, run)
    const forget = (): boolean => {
      const isLast = this.runs.get(key) === run && run.next === undefined
      if (isLast) this.runs.delete(key)
      return isLast
    }
    done.then(
      () => {
        this.failures.delete(key)
        void run.over.then(forget)
      },
      () => {
        if (forget()) this.repeatLater(key, work)
      },
    )
    return done
  }

  private async rest(): Promise<void> {
    if (this.restMs === 0 || this.isFinishing) return
    await new Promise<void>((resolve) => {
      const end = () => {
        clearTimeout(timer)
        this.resting.delete(end)
        resolve()
      }
      const timer = setTimeout(end, this.restMs)
      this.resting.add(end)
    })
  }

  private repeatLater(key: string, work: () => Promise<void>): void {
    const failures = this.failures.get(key) ?? 0
    if (failures === REPETITIONS || (failures === 0 && this.failures.size >= MAX_REPEATED)) {
      this.failures.delete(key)
      return
    }
    this.failures.set(key, failures + 1)
    const repeat = (): void => {
      // A run that somebody asked for meanwhile has done it, or will.
      if (this.failures.get(key) === failures + 1 && !this.runs.has(key)) this.run(key, work).catch(() => undefined)
    }
    setTimeout(repeat, Math.min(FIRST_WAIT_MS * 2 ** failures, LONGEST_WAIT_MS)).unref()
  }
}
