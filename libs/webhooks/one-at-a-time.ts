/** Runs `work` one at a time; whoever asks while it runs is answered by one more run after it. */
export class OneAtATime {
  private running: Promise<void> | undefined
  private again = false

  constructor(private readonly work: () => Promise<void>) {}

  run(): Promise<void> {
    this.again = true
    this.running ??= this.loop()
    return this.running
  }

  /** Resolves when no run is under way. */
  async ended(): Promise<void> {
    await this.running?.catch(() => undefined)
  }

  get busy(): boolean {
    return this.running !== undefined
  }

  private async loop(): Promise<void> {
    try {
      while (this.again) {
        this.again = false
        await this.work()
      }
    } finally {
      // In the same tick as the last look at `again`: no request falls between.
      this.running = undefined
    }
  }
}
