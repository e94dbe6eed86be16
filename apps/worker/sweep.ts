import type { Logger } from '@kivuko/platform'

// Rings are delivered in milliseconds; what the sweep finds was lost, so that seconds are soon enough, and an idle node
// asks its database a few short questions in this time.
const EVERY_MS = 2_000

type Look = () => Promise<void>

/** One timer; at each tick every look once, one after the other. A look that fails is tried again at the next tick. */
export class Sweep {
  private timer: NodeJS.Timeout | undefined
  private running: Promise<void> = Promise.resolve()
  private stopped = false

  constructor(
    private readonly logger: Logger,
    private readonly looks: Readonly<Record<string, Look>>,
  ) {}

  start(): void {
    this.timer = setTimeout(() => {
      this.running = this.tick()
    }, EVERY_MS)
  }

  /** Resolves when a tick under way has ended. */
  async stop(): Promise<void> {
    this.stopped = true
    clearTimeout(this.timer)
    await this.running
  }

  private async tick(): Promise<void> {
    for (const [what, look] of Object.entries(this.looks)) {
      try {
        await look()
      } catch (error) {
        this.logger.warn({ err: error, what }, 'the sweep failed; the next one tries again')
      }
    }
    if (!this.stopped) this.start()
  }
}
