import { messageOf } from '@kivuko/platform'
import { type Dispatcher, request } from 'undici'
import type { WebhookMessage } from './sign.js'

/** How a delivery ended. `problem` is undefined when the receiver answered 2xx. */
export interface DeliveryOutcome {
  readonly statusCode?: number
  readonly problem?: string
}

// The answer's body means nothing here; a little of it is read so that the connection can be used again.
const MAX_ANSWER_BYTES = 16_384

/** Which connections lead to an address; throws for one that none should lead to. */
export interface Toward {
  toward(url: string): Dispatcher | undefined
}

/** One POST, answered within `timeoutMs` in all. Every failure is an outcome, nothing is thrown. */
export async function deliver(
  url: string,
  message: WebhookMessage,
  timeoutMs: number,
  connections?: Toward,
): Promise<DeliveryOutcome> {
  try {
    const dispatcher = connections?.toward(url)
    const response = await request(url, {
      method: 'POST',
      headers: message.headers,
      body: message.body,
      signal: AbortSignal.timeout(timeoutMs),
      ...(dispatcher && { dispatcher }),
    })
    // Only the status counts: a receiver that is slow to end its body has answered all the same.
    await response.body.dump({ limit: MAX_ANSWER_BYTES }).catch(() => undefined)
    const { statusCode } = response
    if (statusCode >= 200 && statusCode < 300) return { statusCode }
    return { statusCode, problem: `the receiver at ${place(url)} answered with status ${statusCode}, expected 2xx` }
  } catch (error) {
    return { problem: `the receiver at ${place(url)} could not be reached: ${cause(error, timeoutMs)}` }
  }
}

/** The receiver without its query, which may hold a secret. */
function place(url: string): string {
  return URL.canParse(url) ? `${new URL(url).origin}${new URL(url).pathname}` : `"${url}" (not a URL)`
}

function cause(error: unknown, timeoutMs: number): string {
  const late = error instanceof Error && error.name === 'TimeoutError'
  return late ? `no answer within ${timeoutMs} ms` : messageOf(error)
}
