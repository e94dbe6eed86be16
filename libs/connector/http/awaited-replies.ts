import type { Reply } from '@kivuko/ilp'
import type { Delivery } from '../deliver.js'

/** Resolves with the first reply, or as lost when none came in time. */
export interface AwaitedReply {
  readonly delivery: Promise<Delivery>
}

interface Waiting {
  readonly peerId: string
  readonly resolve: (delivery: Delivery) => void
  readonly timer: NodeJS.Timeout
}

// Each is a packet that is held anyway; beyond this a node only collects what will expire.
const MAX_AWAITED = 100_000

/** Replies that peers owe us at our callback. In memory: after a restart their packets count as unanswered. */
export class AwaitedReplies {
  private readonly waiting = new Map<string, Waiting>()
  private readonly emptied: (() => void)[] = []
  private isClosing = false

  /** Undefined when no more may be awaited. */
  expect(requestId: string, peerId: string, patienceMs: number): AwaitedReply | undefined {
    if (this.isClosing || this.waiting.size >= MAX_AWAITED) return undefined
    const delivery = new Promise<Delivery>((resolve) => {
      const lose = () => resolve({ kind: 'lost', message: 'no reply came to the callback' })
      this.waiting.set(requestId, { peerId, resolve, timer: setTimeout(lose, patienceMs) })
    })
    return { delivery }
  }

  forget(requestId: string): void {
    clearTimeout(this.waiting.get(requestId)?.timer)
    this.waiting.delete(requestId)
    if (this.waiting.size === 0) for (const resolve of this.emptied.splice(0)) resolve()
  }

  /** False for a reply that nobody awaits from this peer: unknown, too late, or not the first. */
  take(requestId: string, peerId: string, reply: Reply): boolean {
    const found = this.waiting.get(requestId)
    if (found?.peerId !== peerId) return false
    found.resolve({ kind: 'replied', reply })
    this.forget(requestId)
    return true
  }

  /** Takes no further ones, and resolves when those under way have come or will not come any more. */
  drained(): Promise<void> {
    this.isClosing = true
    return this.waiting.size === 0 ? Promise.resolve() : new Promise((resolve) => this.emptied.push(resolve))
  }
}
