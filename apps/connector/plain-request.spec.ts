import { describe, expect, it } from 'vitest'
import { PlainRequests } from './plain-request.js'

const OCTETS = 'application/octet-stream'
const FIELDS = ['Host: node', `Content-Type: ${OCTETS}`, 'Authorization: Bearer token', 'Content-Length: 4']

function requests(): PlainRequests {
  return new PlainRequests(OCTETS, '/ilp-replies')
}

function request(fields: readonly string[] = FIELDS, line = 'POST /ilp?a=b HTTP/1.1'): Buffer {
  return Buffer.from(`${[line, ...fields].join('\r\n')}\r\n\r\nbody`, 'latin1')
}

describe('a request that is a packet and nothing else', () => {
  it('is read: its token, and where its body lies', () => {
    const octets = request()
    expect(requests().read(octets)).toEqual({ token: 'token', bodyStart: octets.length - 4, bodyLength: 4 })
  })

  it.each(['accept: */*', 'Connection: Keep-Alive', 'user-agent: x', 'traceparent: 00-1-2-01'])(
    'may have %s',
    (field) => {
      expect(requests().read(request([...FIELDS, field]))).toMatchObject({ token: 'token' })
    },
  )

  it('is read anew when its head differs, and not when it is the same', () => {
    const reader = requests()
    const first = reader.read(request())
    expect(reader.read(request())).toBe(first)
    expect(reader.read(request(FIELDS.map((field) => field.replace('token', 'other'))))).toMatchObject({
      token: 'other',
    })
    expect(reader.read(request(FIELDS.map((field) => field.replace('4', '3'))))).toMatchObject({ bodyLength: 3 })
    expect(reader.read(request())).toEqual(first)
  })
})

describe('what is left to the server', () => {
  const without = (name: string) => FIELDS.filter((field) => !field.startsWith(name))
  it.each([
    ['another method', request(FIELDS, 'GET /ilp HTTP/1.1')],
    ['another version', request(FIELDS, 'POST /ilp HTTP/1.0')],
    ['the path of the callback', request(FIELDS, 'POST /ilp-replies?process=1 HTTP/1.1')],
    ['escaped characters in the path', request(FIELDS, 'POST /%69lp-replies HTTP/1.1')],
    ['a blank in the path', request(FIELDS, 'POST /a b HTTP/1.1')],
    ['an absolute address', request(FIELDS, 'POST http://node/ HTTP/1.1')],
    ['no host', request(without('Host'))],
    ['no length', request(without('Content-Length'))],
    ['no token', request(without('Authorization'))],
    ['no media type', request(without('Content-Type'))],
    ['another media type', request([...without('Content-Type'), 'Content-Type: text/plain'])],
    ['another scheme', request([...without('Authorization'), 'Authorization: Basic token'])],
    ['no body', request([...without('Content-Length'), 'Content-Length: 0'])],
    ['a length with a sign', request([...without('Content-Length'), 'Content-Length: +4'])],
    ['two lengths', request([...FIELDS, 'Content-Length: 5'])],
    ['two tokens', request([...FIELDS, 'authorization: Bearer other'])],
    ['chunks', request([...FIELDS, 'Transfer-Encoding: chunked'])],
    ['an expectation', request([...FIELDS, 'Expect: 100-continue'])],
    ['a preference', request([...FIELDS, 'Prefer: respond-async'])],
    ['another protocol', request([...FIELDS, 'Connection: upgrade'])],
    ['a last request', request([...FIELDS, 'Connection: close'])],
    ['a field nobody knows', request([...FIELDS, 'X-Something: 1'])],
    ['a folded field', request([...FIELDS, ' folded: 1'])],
    ['a blank before the colon', request([...FIELDS, 'accept : 1'])],
    ['a line that ends otherwise', request([...FIELDS, 'accept: 1\nprefer: respond-async'])],
    ['a control character', request([...FIELDS, 'accept: \u0000'])],
    ['half a head', request().subarray(0, 30)],
  ])('%s', (_, octets) => {
    const reader = requests()
    expect(reader.read(octets)).toBeUndefined()
    reader.read(request())
    expect(reader.read(octets)).toBeUndefined()
  })
})
