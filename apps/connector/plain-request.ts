/** The head of a request that is nothing but a packet: its token, and where its body lies behind it. */
export interface PlainHead {
  readonly token: string
  readonly bodyStart: number
  readonly bodyLength: number
}

const HEAD_END = Buffer.from('\r\n\r\n')
const POST = Buffer.from('POST /')
// Escaped characters could spell the path of the callback.
const REQUEST_LINE = /^POST (\/[!-$&-~]*) HTTP\/1\.1$/
const FIELD = /^([!#$%&'*+.^_`|~0-9A-Za-z-]+):[ \t]*([\t\x20-\x7e\x80-\xff]*)$/
const BEARER = /^Bearer (\S+)$/
const LENGTH = /^[1-9]\d{0,8}$/
/** What says nothing of how the request is to be read or answered. */
const WITHOUT_MEANING = new Set([
  'accept-encoding',
  'accept-language',
  'forwarded',
  'sec-fetch-mode',
  'traceparent',
  'tracestate',
  'user-agent',
  'x-forwarded-for',
  'x-forwarded-host',
  'x-forwarded-port',
  'x-forwarded-proto',
  'x-request-id',
])

/**
 * Reads the heads of one connection's requests, as long as they are what nearly all are: a POST of known length from
 * the holder of a token. Undefined for every other, and for what is not wholly there: those are left to Node's own server.
 */
export class PlainRequests {
  private text = Buffer.alloc(0)
  private known: PlainHead | undefined

  constructor(
    private readonly mediaType: string,
    private readonly callbackPath: string,
  ) {}

  read(octets: Buffer): PlainHead | undefined {
    // A peer sends the same head with each packet of a length: to compare it costs a hundredth of reading it.
    const { text } = this
    if (this.known && octets.length > text.length && text.compare(octets, 0, text.length) === 0) return this.known
    const end = octets.indexOf(HEAD_END)
    if (end === -1 || !octets.subarray(0, POST.length).equals(POST)) return undefined
    const bodyStart = end + HEAD_END.length
    this.known = this.headFrom(octets.toString('latin1', 0, end), bodyStart)
    this.text = Buffer.from(octets.subarray(0, bodyStart))
    return this.known
  }

  private headFrom(text: string, bodyStart: number): PlainHead | undefined {
    const [requestLine = '', ...lines] = text.split('\r\n')
    const [, path] = REQUEST_LINE.exec(requestLine) ?? []
    if (path === undefined || path.startsWith(this.callbackPath)) return undefined
    const fields = fieldsFrom(lines)
    if (fields?.get('content-type') !== this.mediaType || !fields.has('host')) return undefined
    const [, token] = BEARER.exec(fields.get('authorization') ?? '') ?? []
    const length = fields.get('content-length') ?? ''
    if (token === undefined || !LENGTH.test(length)) return undefined
    return { token, bodyStart, bodyLength: Number.parseInt(length, 10) }
  }
}

const MEANT = new Set(['host', 'content-type', 'content-length', 'authorization', 'accept', 'connection'])

/** By their names; undefined when one is unknown, doubled, or asks for something. */
function fieldsFrom(lines: readonly string[]): ReadonlyMap<string, string> | undefined {
  const fields = new Map<string, string>()
  for (const line of lines) {
    const [, name, value = ''] = FIELD.exec(line) ?? []
    const key = name?.toLowerCase()
    if (key === undefined || fields.has(key) || !(MEANT.has(key) || WITHOUT_MEANING.has(key))) return undefined
    fields.set(key, value.trim())
  }
  return /^(keep-alive)?$/i.test(fields.get('connection') ?? '') ? fields : undefined
}
