import { MAX_PACKET_BYTES } from '@kivuko/ilp'
import { MalformedResponse } from './malformed-response.js'
import { type ResponseHead, readHead } from './response-head.js'

/** One response. `isReusable`: another request may follow on its connection, which stays open `idleMs` if its server said so. */
export interface Response {
  readonly statusCode: number
  readonly body: Buffer
  readonly isReusable: boolean
  readonly idleMs: number | undefined
  readonly chargesRepeatsOnce: boolean
}

const NOTHING = Buffer.alloc(0)
const HEAD_END = Buffer.from('\r\n\r\n')
const LINE_END = Buffer.from('\r\n')
// As much as Node's own parser allows.
const MAX_HEAD_BYTES = 16_384
const MAX_CHUNK_LINE_BYTES = 256
const CHUNK_SIZE = /^([0-9a-fA-F]{1,8})[ \t]*(?:;.*)?$/

/**
 * Reads the responses of one connection, which has one request at a time (RFC 9112 §6). Bodies are those of packets: a
 * longer one is not read to its end, and answered as none, since it would not decode.
 */
export class ResponseReader {
  private pending: Buffer = NOTHING
  private head: ResponseHead | undefined
  private known: ResponseHead | undefined
  private chunks: Buffer[] = []
  private size = 0

  /** Undefined until the response is complete. Throws MalformedResponse. */
  push(octets: Buffer): Response | undefined {
    this.pending = this.pending.length === 0 ? octets : Buffer.concat([this.pending, octets])
    // Interim responses (1xx) say nothing that was asked for.
    while (this.head === undefined || this.head.statusCode < 200) {
      this.head = this.nextHead()
      if (this.head === undefined) return undefined
    }
    return this.readBody(this.head)
  }

  /** The connection ended: completes a body that lasts until then. */
  end(): Response | undefined {
    return this.head?.framing === 'end' ? this.finish(this.head, this.pending, NOTHING) : undefined
  }

  private nextHead(): ResponseHead | undefined {
    const end = this.pending.indexOf(HEAD_END)
    if (end > MAX_HEAD_BYTES || (end === -1 && this.pending.length > MAX_HEAD_BYTES)) {
      throw new MalformedResponse(`the head of the response is longer than ${MAX_HEAD_BYTES} bytes`)
    }
    if (end === -1) return undefined
    const text = this.pending.toString('latin1', 0, end)
    this.pending = this.pending.subarray(end + HEAD_END.length)
    // A peer says the same with each packet, but for the second of its clock.
    if (this.known?.text === text) return this.known
    this.known = readHead(text)
    return this.known
  }

  private readBody(head: ResponseHead): Response | undefined {
    const { pending } = this
    if (head.framing === 'chunks') return this.readChunks(head)
    if (head.framing === 'end') return pending.length > MAX_PACKET_BYTES ? this.tooLong(head) : undefined
    if (head.framing > MAX_PACKET_BYTES) return this.tooLong(head)
    if (pending.length < head.framing) return undefined
    return this.finish(head, pending.subarray(0, head.framing), pending.subarray(head.framing))
  }

  private readChunks(head: ResponseHead): Response | undefined {
    for (;;) {
      const lineEnd = this.pending.indexOf(LINE_END)
      if (lineEnd === -1 || lineEnd > MAX_CHUNK_LINE_BYTES) return this.awaitMore(MAX_CHUNK_LINE_BYTES)
      const length = chunkLength(this.pending.toString('latin1', 0, lineEnd))
      if (length === 0) return this.endChunks(head, lineEnd)
      if (this.size + length > MAX_PACKET_BYTES) return this.tooLong(head)
      const start = lineEnd + LINE_END.length
      const end = start + length
      if (this.pending.length < end + LINE_END.length) return undefined
      if (this.pending.indexOf(LINE_END, end) !== end) {
        throw new MalformedResponse('a chunk of the response is not as long as it says')
      }
      this.chunks.push(this.pending.subarray(start, end))
      this.size += length
      this.pending = this.pending.subarray(end + LINE_END.length)
    }
  }

  /** After the last chunk come trailers, which nobody asked for, and an empty line. */
  private endChunks(head: ResponseHead, lineEnd: number): Response | undefined {
    const end = this.pending.indexOf(HEAD_END, lineEnd)
    if (end === -1) return this.awaitMore(MAX_HEAD_BYTES)
    return this.finish(head, Buffer.concat(this.chunks), this.pending.subarray(end + HEAD_END.length))
  }

  private awaitMore(mostBytes: number): undefined {
    if (this.pending.length > mostBytes) throw new MalformedResponse('the chunks of the response cannot be read')
    return undefined
  }

  private tooLong(head: ResponseHead): Response {
    return { ...this.finish(head, NOTHING, NOTHING), isReusable: false }
  }

  private finish(head: ResponseHead, body: Buffer, rest: Buffer): Response {
    this.pending = NOTHING
    this.head = undefined
    this.chunks = []
    this.size = 0
    // What comes unasked cannot be told from the answer to the next packet.
    const { statusCode, idleMs, chargesRepeatsOnce } = head
    return { statusCode, body, isReusable: head.isReusable && rest.length === 0, idleMs, chargesRepeatsOnce }
  }
}

function chunkLength(line: string): number {
  const digits = CHUNK_SIZE.exec(line)?.[1]
  if (digits === undefined) throw new MalformedResponse('a chunk of the response has no length')
  return Number.parseInt(digits, 16)
}
