const HEAD_END = Buffer.from('\r\n\r\n')
const CONTENT_LENGTH = Buffer.from('content-length: ')
const ZERO = 0x30

/** One HTTP message with a body of known length, read straight from the socket: what a parser would cost is not measured. */
export class MessageReader {
  private pending: Buffer | undefined

  constructor(private readonly onMessage: (head: Buffer, body: Buffer) => void) {}

  push(chunk: Buffer): void {
    let bytes = this.pending ? Buffer.concat([this.pending, chunk]) : chunk
    this.pending = undefined
    while (bytes.length > 0) {
      const end = this.readOne(bytes)
      if (end === undefined) {
        // The chunk is read into again.
        this.pending = Buffer.from(bytes)
        return
      }
      bytes = bytes.subarray(end)
    }
  }

  private readOne(bytes: Buffer): number | undefined {
    const headEnd = bytes.indexOf(HEAD_END)
    if (headEnd === -1) return undefined
    const head = bytes.subarray(0, headEnd + 2)
    const bodyStart = headEnd + HEAD_END.length
    const end = bodyStart + contentLength(head)
    if (bytes.length < end) return undefined
    this.onMessage(head, bytes.subarray(bodyStart, end))
    return end
  }
}

function contentLength(head: Buffer): number {
  const start = head.indexOf(CONTENT_LENGTH)
  if (start === -1) throw new Error(`expected a content-length in ${head.toString('latin1')}`)
  let length = 0
  for (let at = start + CONTENT_LENGTH.length; ; at++) {
    const digit = (head[at] ?? 0) - ZERO
    if (digit < 0 || digit > 9) return length
    length = length * 10 + digit
  }
}
