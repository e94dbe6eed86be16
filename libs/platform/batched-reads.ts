type Read<Key, Value> = (keys: readonly Key[]) => Promise<ReadonlyMap<Key, Value>>

interface Batch<Key, Value> {
  readonly keys: Set<Key>
  readonly found: Promise<ReadonlyMap<Key, Value>>
}

/**
 * Reads by key, one read at a time. Calls that come while one is under way share the next, which begins after all of them:
 * many callers, few statements, and nobody sees a state from before the call.
 */
export class BatchedReads<Key, Value> {
  private previous: Promise<unknown> = Promise.resolve()
  private next: Batch<Key, Value> | undefined

  constructor(private readonly read: Read<Key, Value>) {}

  async find(key: Key): Promise<Value | undefined> {
    this.next ??= this.open()
    const { keys, found } = this.next
    keys.add(key)
    return (await found).get(key)
  }

  private open(): Batch<Key, Value> {
    const keys = new Set<Key>()
    const found = this.previous.then(() => {
      this.next = undefined
      return this.read([...keys])
    })
    // A read that failed has failed for its own callers only.
    this.previous = found.catch(() => undefined)
    return { keys, found }
  }
}
