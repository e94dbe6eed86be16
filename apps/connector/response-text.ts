import { CHARGED_ONCE, REPEATS_HEADER } from '@kivuko/connector'
import type { Clock } from '@kivuko/platform'

const REASONS = { 200: 'OK', 500: 'Internal Server Error', 504: 'Gateway Timeout' } as const

export interface TextResponse {
  readonly statusCode: keyof typeof REASONS
  readonly type: string
  /** A character for each octet. */
  readonly body: string
  /** Of its connection. */
  readonly isLast: boolean
}

/** Responses of HTTP/1.1, each as one text: head and body then leave in one write. */
export class ResponseText {
  private second = -1
  private date = ''
  private readonly kept: string
  private readonly repeats: string

  constructor(
    private readonly clock: Clock,
    keepAliveMs: number,
    chargesRepeatsOnce: boolean,
  ) {
    this.repeats = chargesRepeatsOnce ? `${REPEATS_HEADER}: ${CHARGED_ONCE}\r\n` : ''
    this.kept = `connection: keep-alive\r\nkeep-alive: timeout=${Math.floor(keepAliveMs / 1_000)}`
  }

  of({ statusCode, type, body, isLast }: TextResponse): string {
    const fields = `content-type: ${type}\r\ncontent-length: ${body.length}\r\ndate: ${this.today()}`
    const connection = isLast ? 'connection: close' : this.kept
    return `HTTP/1.1 ${statusCode} ${REASONS[statusCode]}\r\n${this.repeats}${fields}\r\n${connection}\r\n\r\n${body}`
  }

  /** Written once a second. */
  private today(): string {
    const second = Math.floor(this.clock.nowMs() / 1_000)
    if (second !== this.second) {
      this.second = second
      this.date = this.clock.now().toUTCString()
    }
    return this.date
  }
}
