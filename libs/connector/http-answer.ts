/** The answer to one HTTP request, or why there is none. */
export type Answer =
  | {
      readonly kind: 'answered'
      readonly statusCode: number
      readonly body: Buffer
      readonly chargesRepeatsOnce: boolean
    }
  | { readonly kind: 'failed'; readonly wasSent: boolean; readonly reason: string }

/** Expired before it was sent, and without an answer until it expired. */
export const EXPIRED = 'EXPIRED'
export const NO_ANSWER = 'NO_ANSWER'

// Held until it expired, here or further on: a packet that somebody holds says nothing about the peer.
const HELD = new Set([EXPIRED, NO_ANSWER])

/** What is out of order with the peer, or the way to it; undefined when nothing is. */
export function failureOf(answer: Answer): string | undefined {
  if (answer.kind === 'failed') return HELD.has(answer.reason) ? undefined : answer.reason
  return answer.statusCode >= 500 ? `HTTP ${answer.statusCode}` : undefined
}
