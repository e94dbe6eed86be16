/** What was opened, to be closed the other way round. */
export class Opened {
  private readonly closers: (() => Promise<void>)[] = []

  add(close: () => Promise<void>): void {
    this.closers.push(close)
  }

  /** Closes everything, also after one part failed to; throws the first failure at the end. */
  async close(): Promise<void> {
    const failures: unknown[] = []
    for (const close of this.closers.splice(0).reverse()) await close().catch((error: unknown) => failures.push(error))
    if (failures.length > 0) throw failures[0]
  }
}
