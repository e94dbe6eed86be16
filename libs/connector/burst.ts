/**
 * Writes put off to the end of this turn of the event loop, then all at once. Whoever reads them is woken by the first and
 * still awake for the others: to wake a process that sleeps costs as much as a packet's own work.
 */
export class Burst {
  private writes: (() => void)[] = []

  add(write: () => void): void {
    if (this.writes.push(write) === 1) setImmediate(() => this.end())
  }

  private end(): void {
    const due = this.writes
    this.writes = []
    for (const write of due) write()
  }
}
