// Under "npm start" one Ctrl-C arrives twice: from the terminal, and passed on by npm. That is one wish, not two.
const SAME_WISH_MS = 500

/** What signals ask of a process: to stop in order; and when it is asked again, to end at once. */
export class Signals {
  private stopInOrder: ((cause: string) => void) | undefined
  private firstMs: number | undefined

  constructor(
    private readonly endAtOnce: () => void,
    private readonly nowMs: () => number,
  ) {}

  listen(): void {
    for (const signal of ['SIGTERM', 'SIGINT'] as const) process.on(signal, () => this.heard(signal))
  }

  /** Until this is called there is nothing to drain: the first signal ends the process. */
  drainWith(stopInOrder: (cause: string) => void): void {
    this.stopInOrder = stopInOrder
  }

  heard(signal: string): void {
    const nowMs = this.nowMs()
    if (this.stopInOrder === undefined) {
      this.endAtOnce()
    } else if (this.firstMs === undefined) {
      this.firstMs = nowMs
      this.stopInOrder(signal)
    } else if (nowMs - this.firstMs > SAME_WISH_MS) {
      this.endAtOnce()
    }
  }
}
