interface Run {
  readonly done: Promise<void>
  /** Set while another run is wanted after this one: by all who asked meanwhile. */
  next?: Promise<void>
}

/** One run per key at a time; all who ask while it runs share the next, which begins after they asked. */
export class JoinedRuns {
  private readonly runs = new Map<string, Run>()

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
    const forget = (): void => {
      if (this.runs.get(key) === run && run.next === undefined) this.runs.delete(key)
    }
    done.then(forget, forget)
    return done
  }
}
