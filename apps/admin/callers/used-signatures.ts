/** Whether a signature is new, was used before, or cannot be remembered because too many are. */
export type FirstUse = 'first' | 'again' | 'full'

// 80 MB at most; reached only by thousands of calls a second, which then wait instead of going unchecked.
const DEFAULT_LIMIT = 400_000

/**
 * Signatures that were accepted, so that none is accepted twice within its window. A signature may be dated up to one window
 * ahead, so it is remembered for at least two: in the current or the previous of two sets that change places.
 */
export class UsedSignatures {
  private current = new Set<string>()
  private previous = new Set<string>()
  private startedAtMs = Number.NEGATIVE_INFINITY

  constructor(
    private readonly windowMs: number,
    private readonly limit = DEFAULT_LIMIT,
  ) {}

  use(digest: string, nowMs: number): FirstUse {
    this.turn(nowMs)
    if (this.current.has(digest) || this.previous.has(digest)) return 'again'
    if (this.current.size + this.previous.size >= this.limit) return 'full'
    this.current.add(digest)
    return 'first'
  }

  private turn(nowMs: number): void {
    const lifeMs = 2 * this.windowMs
    if (nowMs - this.startedAtMs <= lifeMs) return
    this.previous = nowMs - this.startedAtMs <= 2 * lifeMs ? this.current : new Set()
    this.current = new Set()
    this.startedAtMs = nowMs
  }
}
