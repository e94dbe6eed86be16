import { MAX_PACKET_BYTES } from '@kivuko/ilp'
import type { Dispatcher } from 'undici'

/** The answer to one HTTP request, or why there is none. */
export type Answer =
  | { readonly kind: 'answered'; readonly statusCode: number; readonly body: Buffer }
  | { readonly kind: 'failed'; readonly wasSent: boolean; readonly reason: string }

const EXPIRED_HERE = 'EXPIRED'
// Held until it expired, here or further on: a packet that somebody holds says nothing about the peer.
const HELD = new Set([EXPIRED_HERE, 'UND_ERR_HEADERS_TIMEOUT', 'UND_ERR_BODY_TIMEOUT'])

/** What is out of order with the peer, or the way to it; undefined when nothing is. */
export function failureOf(answer: Answer): string | undefined {
  if (answer.kind === 'failed') return HELD.has(answer.reason) ? undefined : answer.reason
  return answer.statusCode >= 500 ? `HTTP ${answer.statusCode}` : undefined
}

/**
 * Collects one response straight from the parser: undici's ready-made calls build a stream per response, which a body
 * of a few hundred bytes does not need.
 */
export class AnswerCollector implements Dispatcher.DispatchHandler {
  /** Called once, when the connection can take another request. */
  onFree: (() => void) | undefined
  private wasSent = false
  private statusCode = 0
  private size = 0
  private readonly chunks: Buffer[] = []

  constructor(
    private readonly isExpired: () => boolean,
    private readonly resolve: (answer: Answer) => void,
  ) {}

  /** Called when a connection is free, just before the request goes out. */
  onRequestStart(controller: Dispatcher.DispatchController): void {
    if (this.isExpired())
      controller.abort(Object.assign(new Error('expired while waiting for a connection'), { code: EXPIRED_HERE }))
    else this.wasSent = true
  }

  onResponseStart(_controller: Dispatcher.DispatchController, statusCode: number): void {
    this.statusCode = statusCode
  }

  onResponseData(controller: Dispatcher.DispatchController, chunk: Buffer): void {
    this.size += chunk.length
    if (this.size > MAX_PACKET_BYTES) {
      // No packet is that long: what was read will not decode, and the rest is not waited for.
      this.finish()
      controller.abort(new Error('the answer is longer than any ILP packet'))
      return
    }
    this.chunks.push(chunk)
  }

  onResponseEnd(): void {
    this.finish()
    this.onFree?.()
  }

  onResponseError(_controller: Dispatcher.DispatchController, error: Error & { readonly code?: string }): void {
    // The code, not the message: a message names hosts and ports, and the reason travels to the sender.
    this.resolve({ kind: 'failed', wasSent: this.wasSent, reason: error.code ?? error.name })
    this.onFree?.()
  }

  private finish(): void {
    const [only] = this.chunks
    const body = this.chunks.length === 1 && only ? only : Buffer.concat(this.chunks)
    this.resolve({ kind: 'answered', statusCode: this.statusCode, body })
  }
}
