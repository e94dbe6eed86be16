import { MAX_PACKET_BYTES } from '@kivuko/ilp'
import { describe, expect, it } from 'vitest'
import { MalformedResponse } from './malformed-response.js'
import { type Response, ResponseReader } from './response-reader.js'

const PLAIN = 'HTTP/1.1 200 OK\r\nContent-Type: application/octet-stream\r\nContent-Length: 5\r\n\r\nhello'
const CHUNKED =
  'HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nhel\r\n2;x=1\r\nlo\r\n0\r\nX-Trailer: 1\r\n\r\n'

/** The answer to these octets, given in pieces of this size. */
function read(text: string, pieceBytes = text.length): Response | undefined {
  const reader = new ResponseReader()
  const octets = Buffer.from(text, 'latin1')
  let response: Response | undefined
  for (let at = 0; at < octets.length; at += pieceBytes) response = reader.push(octets.subarray(at, at + pieceBytes))
  return response
}

describe('a response', () => {
  it.each([
    ['with a length', PLAIN],
    ['in chunks', CHUNKED],
    ['after an interim one', `HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 103 Early Hints\r\nLink: x\r\n\r\n${PLAIN}`],
  ])('%s is read alike in whatever pieces it comes', (_, text) => {
    for (const pieceBytes of [1, 2, 3, 7, 64, text.length]) {
      expect(read(text, pieceBytes)).toMatchObject({ statusCode: 200, body: Buffer.from('hello'), isReusable: true })
    }
  })

  it('without either ends with its connection', () => {
    const reader = new ResponseReader()
    expect(reader.push(Buffer.from('HTTP/1.1 503 Busy\r\n\r\nhel'))).toBeUndefined()
    expect(reader.push(Buffer.from('lo'))).toBeUndefined()
    expect(reader.end()).toMatchObject({ statusCode: 503, body: Buffer.from('hello'), isReusable: false })
  })

  it('that was cut off is none', () => {
    const reader = new ResponseReader()
    expect(reader.push(Buffer.from(PLAIN.slice(0, -1)))).toBeUndefined()
    expect(reader.end()).toBeUndefined()
  })

  it('without a body is complete with its head', () => {
    expect(read('HTTP/1.1 204 No Content\r\n\r\n')).toMatchObject({ statusCode: 204, isReusable: true })
    expect(read('HTTP/1.1 202 Accepted\r\nContent-Length: 0\r\n\r\n')).toMatchObject({ statusCode: 202 })
  })

  it('follows another on the same connection, with a head of its own', () => {
    const reader = new ResponseReader()
    for (const body of ['hello', 'again']) {
      expect(reader.push(Buffer.from(PLAIN.replace('hello', body)))?.body.toString()).toBe(body)
    }
    expect(reader.push(Buffer.from('HTTP/1.1 500 No\r\nContent-Length: 1\r\n\r\nx'))?.statusCode).toBe(500)
  })

  it('longer than any packet is given up, and its connection with it', () => {
    const length = MAX_PACKET_BYTES + 1
    const given = { statusCode: 200, body: Buffer.alloc(0), isReusable: false }
    expect(read(`HTTP/1.1 200 OK\r\nContent-Length: ${length}\r\n\r\n`)).toMatchObject(given)
    expect(read(`HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n${length.toString(16)}\r\n`)).toMatchObject(given)
    expect(read(`HTTP/1.1 200 OK\r\n\r\n${'x'.repeat(length)}`)).toMatchObject(given)
  })
})

describe('its connection', () => {
  it.each([
    ['closes when the server says so', 'HTTP/1.1 200 OK\r\nConnection: Close\r\nContent-Length: 0\r\n\r\n', false],
    ['closes after HTTP/1.0', 'HTTP/1.0 200 OK\r\nContent-Length: 0\r\n\r\n', false],
    [
      'is kept after HTTP/1.0 when the server says so',
      'HTTP/1.0 200 OK\r\nConnection: keep-alive\r\nContent-Length: 0\r\n\r\n',
      true,
    ],
    ['closes when more comes than was asked for', `${PLAIN}HTTP/1.1 200 OK\r\n`, false],
  ])('%s', (_, text, isReusable) => {
    expect(read(text)?.isReusable).toBe(isReusable)
  })

  it('is kept as long as the server says', () => {
    expect(read('HTTP/1.1 200 OK\r\nKeep-Alive: max=9, timeout=5\r\nContent-Length: 0\r\n\r\n')?.idleMs).toBe(5_000)
    expect(read(PLAIN)?.idleMs).toBeUndefined()
  })
})

describe('what is no response', () => {
  const head = (fields: string) => `HTTP/1.1 200 OK\r\n${fields}\r\n\r\n`

  it.each([
    ['another protocol', 'SSH-2.0-OpenSSH_9.6\r\n\r\n'],
    ['another version of HTTP', 'HTTP/2.0 200 OK\r\n\r\n'],
    ['a change of protocol', head('Upgrade: websocket').replace('200', '101')],
    ['a length that is none', head('Content-Length: -1')],
    ['two lengths', head('Content-Length: 5\r\nContent-Length: 6')],
    ['a length and chunks', head('Content-Length: 5\r\nTransfer-Encoding: chunked')],
    ['a coding that was not asked for', head('Transfer-Encoding: gzip, chunked')],
    ['a field over two lines', head('X-Long: a\r\n b')],
    ['a field without a name', head(': a')],
    ['a head without an end', `HTTP/1.1 200 OK\r\nX: ${'x'.repeat(20_000)}`],
    ['a chunk without a length', `${head('Transfer-Encoding: chunked')}zz\r\n`],
    ['a chunk longer than it says', `${head('Transfer-Encoding: chunked')}1\r\nab\r\n0\r\n\r\n`],
    ['a length of a chunk without an end', `${head('Transfer-Encoding: chunked')}${'0'.repeat(300)}`],
  ])('%s is refused', (_, text) => {
    expect(() => read(text)).toThrow(MalformedResponse)
  })

  it('may name the same length twice', () => {
    expect(read(`${head('Content-Length: 1\r\nContent-Length: 1')}x`)?.body.toString()).toBe('x')
  })
})
