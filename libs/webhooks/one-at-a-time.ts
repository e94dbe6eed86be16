/** Runs `work` one at a time. Whoever asks while it runs shares one more run with all others who do, and waits for that. */
export class OneAtATime {
  private current: Promise<void> | undefined
  private next: Promise<void> | undefined

  constructor(private readonly work: () => Promise<void>) {}

  run(): Promise<void> {
    if (this.next) return this.next
    if (!this.current) return this.start()
    this.next = this.current
      .catch(() => undefined)
      .then(() => {
        this.next = undefined
        return this.start()
      })
    return this.next
  }

  get busy(): boolean {
    return this.current !== undefined || this.next !== undefined
  }

  /** Resolves when no run is under way, nor any asked for. */
  async ended(): Promise<void> {
    while (this.busy) await (this.next ?? this.current)?.catch(() => undefined)
  }

  private start(): Promise<void> {
    const run = this.work().finally(() => {
      this.current = undefined
    })
    this.current = run
    return run
  }
}
