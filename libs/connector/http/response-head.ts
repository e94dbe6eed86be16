import { MalformedResponse } from './malformed-response.js'
import { CHARGED_ONCE, REPEATS_HEADER } from './repeats-header.js'

/** What the head of a response says of what follows. `framing`: the body's bytes, or what its end is found by. */
export interface ResponseHead {
  readonly text: string
  readonly statusCode: number
  readonly framing: number | 'chunks' | 'end'
  readonly isReusable: boolean
  readonly idleMs: number | undefined
  /** Its server charges the same packet once, however often it comes. */
  readonly chargesRepeatsOnce: boolean
}

const STATUS_LINE = /^HTTP\/1\.([01]) ([1-5]\d\d)(?: |$)/
const FIELD = /^([!#$%&'*+.^_`|~0-9A-Za-z-]+):[ \t]*(.*?)[ \t]*$/
const LENGTH = /^\d{1,15}$/
const IDLE_SECONDS = /(?:^|[,\s])timeout=(\d{1,6})/i
const WITHOUT_BODY = new Set([204, 304])

/** Status line and fields, without the empty line after them. Throws MalformedResponse. */
export function readHead(text: string): ResponseHead {
  const [statusLine = '', ...lines] = text.split('\r\n')
  const [, minorVersion, status = ''] = STATUS_LINE.exec(statusLine) ?? []
  if (minorVersion === undefined) throw new MalformedResponse('the answer does not begin as one of HTTP/1.1 does')
  const statusCode = Number.parseInt(status, 10)
  // Nothing that this node sends asks for another protocol.
  if (statusCode === 101) throw new MalformedResponse('the answer changes the protocol unasked')
  const fields = fieldsFrom(lines)
  const framing = framingOf(statusCode, fields)
  const connection = (fields.get('connection') ?? '').toLowerCase().split(/\s*,\s*/)
  const isKept = minorVersion === '1' ? !connection.includes('close') : connection.includes('keep-alive')
  const idleSeconds = IDLE_SECONDS.exec(fields.get('keep-alive') ?? '')?.[1]
  return {
    text,
    statusCode,
    framing,
    isReusable: isKept && framing !== 'end',
    idleMs: idleSeconds === undefined ? undefined : Number.parseInt(idleSeconds, 10) * 1_000,
    chargesRepeatsOnce: fields.get(REPEATS_HEADER) === CHARGED_ONCE,
  }
}

function fieldsFrom(lines: readonly string[]): ReadonlyMap<string, string> {
  const fields = new Map<string, string>()
  for (const line of lines) {
    const [, name, value = ''] = FIELD.exec(line) ?? []
    if (name === undefined) throw new MalformedResponse('a field of the answer is none of HTTP/1.1')
    const key = name.toLowerCase()
    const before = fields.get(key)
    fields.set(key, before === undefined ? value : `${before}, ${value}`)
  }
  return fields
}

/** RFC 9112 §6.3. */
function framingOf(statusCode: number, fields: ReadonlyMap<string, string>): ResponseHead['framing'] {
  if (statusCode < 200 || WITHOUT_BODY.has(statusCode)) return 0
  const coding = fields.get('transfer-encoding')
  const length = fields.get('content-length')
  if (coding !== undefined) {
    // Two ways to find the end of a body are how one answer is made to look like two.
    if (length !== undefined || coding.toLowerCase() !== 'chunked') {
      throw new MalformedResponse('the body of the answer is framed in a way that cannot be read')
    }
    return 'chunks'
  }
  if (length === undefined) return 'end'
  // The same length twice is one length (RFC 9110 §8.6).
  const [first = '', ...others] = length.split(/\s*,\s*/)
  if (!LENGTH.test(first) || others.some((other) => other !== first)) {
    throw new MalformedResponse('the length of the answer is not a number')
  }
  return Number.parseInt(first, 10)
}
