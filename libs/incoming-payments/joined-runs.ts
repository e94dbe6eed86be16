interface Run {
  readonly done: Promise<void>
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
 * One run per key at a time; all who ask while it runs share the next, which begins after they asked. A run that fails
 * is repeated in the background: what it was to write down has happened already.
 */
export class JoinedRuns {
  private readonly runs = new Map<string, Run>()
  private readonly failures = new Map<string, number>()

  /** Resolves with a run that began after the call. */
  run(key: string, work: () => Promise<void>): Promise<void> {
    const running = this.runs.get(key)
    if (running === undefined) return this.start(key, work)
    running.next ??= running.done.catch(() => undefined).then(() => this.start(key, work))
    return running.next
  }

  private start(key: string, work: () => Promise<void>): Promise<void> {
    const done = work()
    const run: Run = { done }
    this.runs.set(key, run)
    const forget = (): boolean => {
      const isLast = this.runs.get(key) === run && run.next === undefined
      if (isLast) this.runs.delete(key)
      return isLast
    }
    done.then(
      () => {
        this.failures.delete(key)
        forget()
      },
      () => {
        if (forget()) this.repeatLater(key, work)
      },
    )
    return done
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
