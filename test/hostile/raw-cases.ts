import fc from 'fast-check'

const HOST = 'Host: 127.0.0.1\r\n'
const JSON_TYPE = 'Content-Type: application/json\r\n'

/** A request as bytes on the wire, and what is wrong with it. */
export type RawCase = readonly [what: string, bytes: string | Buffer]

const get = (path: string, headers = '') => `GET ${path} HTTP/1.1\r\n${HOST}${headers}Connection: close\r\n\r\n`
const post = (path: string, headers: string, body: string | Buffer = '{}') =>
  Buffer.concat([
    Buffer.from(
      `POST ${path} HTTP/1.1\r\n${HOST}${headers}Content-Length: ${Buffer.byteLength(body)}\r\nConnection: close\r\n\r\n`,
    ),
    Buffer.from(body),
  ])

/** What no client sends that means well: for any door that takes JSON at `path`. */
export function rawCases(path: string): RawCase[] {
  const methods = ['TRACE', 'OPTIONS', 'PUT', 'PATCH', 'DELETE', 'HEAD', 'PROPFIND', 'QUERY']
  const types = [
    'text/plain',
    'application/xml',
    'application/json; charset=utf-16',
    'multipart/form-data; boundary=a',
    '',
    '/',
    'a/'.repeat(50),
  ]
  return [
    ...methods.map(
      (method): RawCase => [
        method,
        `${method} ${path} HTTP/1.1\r\n${HOST}Content-Length: 0\r\nConnection: close\r\n\r\n`,
      ],
    ),
    ...types.map((type): RawCase => [`content type "${type}"`, post(path, `Content-Type: ${type}\r\n`)]),
    ['no content type', post(path, '')],
    ['two content types', post(path, `${JSON_TYPE}Content-Type: text/plain\r\n`)],
    ...['gzip', 'br', 'deflate', 'x'].map(
      (coding): RawCase => [`content encoding ${coding}`, post(path, `${JSON_TYPE}Content-Encoding: ${coding}\r\n`)],
    ),
    ['a byte order mark', post(path, JSON_TYPE, '\ufeff{}')],
    [
      'bytes that are no UTF-8',
      post(path, JSON_TYPE, Buffer.from([0x7b, 0x22, 0xff, 0xc0, 0x80, 0x22, 0x3a, 0x31, 0x7d])),
    ],
    ['no body at all', post(path, JSON_TYPE, '')],
    ['300,000 bytes', post(path, JSON_TYPE, `"${'x'.repeat(300_000)}"`)],
    [
      'a length that says 10 GB',
      `POST ${path} HTTP/1.1\r\n${HOST}${JSON_TYPE}Content-Length: 10000000000\r\nConnection: close\r\n\r\n{}`,
    ],
    [
      'a length that is no number',
      `POST ${path} HTTP/1.1\r\n${HOST}${JSON_TYPE}Content-Length: ten\r\nConnection: close\r\n\r\n{}`,
    ],
    [
      'two lengths',
      `POST ${path} HTTP/1.1\r\n${HOST}${JSON_TYPE}Content-Length: 2\r\nContent-Length: 3\r\nConnection: close\r\n\r\n{}`,
    ],
    [
      'a length and chunks',
      `POST ${path} HTTP/1.1\r\n${HOST}${JSON_TYPE}Content-Length: 2\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n`,
    ],
    [
      'chunks that are none',
      `POST ${path} HTTP/1.1\r\n${HOST}${JSON_TYPE}Transfer-Encoding: chunked\r\nConnection: close\r\n\r\nzz\r\n{}\r\n`,
    ],
    ['a header of 20,000 bytes', get(path, `X-Long: ${'x'.repeat(20_000)}\r\n`)],
    ['a thousand headers', get(path, 'X-Many: 1\r\n'.repeat(1_000))],
    ['a URL of 20,000 bytes', get(`${path}?${'x'.repeat(20_000)}`)],
    ['a URL with half an escape', get(`${path}/%`)],
    ['a URL with bytes of no encoding', get(`${path}/%ff%c0%80`)],
    ['a URL that climbs', get(`${path}/../../../etc/passwd`)],
    ['a whole URL', get('http://elsewhere.example/')],
    ['no host', 'GET / HTTP/1.1\r\n\r\n'],
    ['two hosts', get(path, 'Host: elsewhere.example\r\n')],
    ['a host that is none', `GET ${path} HTTP/1.1\r\nHost: [::1\r\nConnection: close\r\n\r\n`],
    ['HTTP/9.9', 'GET / HTTP/9.9\r\n\r\n'],
    ['another protocol', '\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03'.repeat(20)],
    ['a newline alone in a header', get(path, 'X-A: b\nX-C: d\r\n')],
    ['a NUL in a header', get(path, 'X-A: b\0c\r\n')],
  ]
}

const headerText = fc.oneof(
  fc.constantFrom(
    '',
    ' ',
    'Bearer',
    'GNAP',
    'GNAP ',
    'Basic YTpi',
    'GNAP a b',
    `GNAP ${'A'.repeat(6_000)}`,
    'gnap x, GNAP y',
  ),
  fc.constantFrom(
    'sig1=',
    'sig1=:',
    'sig1=::',
    'sig1=:AAAA:',
    'sig1=("@method");keyid="a"',
    'sig1=("@method" "@method");created=1;keyid="a"',
  ),
  fc.constantFrom(
    'sig1=("@method" "@target-uri" "authorization");created=99999999999999999999;keyid="k"',
    'sig1=();created=-1',
    '=',
    ';;;',
    '("a',
  ),
  fc.constantFrom(
    'sha-512=:AAAA:',
    'sha-512=',
    'md5=:AAAA:',
    't=1, v1=00',
    't=, v1=',
    't=NaN, v1=00',
    `t=${'9'.repeat(30)}, v1=${'0'.repeat(64)}`,
  ),
  fc.constantFrom('application/spsp4+json', '*/*;q=x', ';', ',,,', 'a/b/c', 'text/html;q=1.5'),
  // What a header can hold: Latin-1 without controls.
  fc
    .array(
      fc.integer({ min: 0x20, max: 0xff }).filter((unit) => unit !== 0x7f),
      { maxLength: 60 },
    )
    .map((units) => String.fromCharCode(...units)),
)

const HEADERS = [
  'Authorization',
  'Signature',
  'Signature-Input',
  'Content-Digest',
  'Accept',
  'Tenant-Id',
  'Receipt-Nonce',
  'Receipt-Secret',
  'Cookie',
  'Idempotency-Key',
]

/** Headers that a door reads, malformed, some of them twice. */
export const hostileHeaders: fc.Arbitrary<string> = fc
  .array(fc.tuple(fc.constantFrom(...HEADERS), headerText), { minLength: 1, maxLength: 6 })
  .map((headers) => headers.map(([name, value]) => `${name}: ${value}\r\n`).join(''))

/** A request with them. */
export function withHeaders(method: 'GET' | 'POST', path: string, headers: string): Buffer {
  return method === 'GET'
    ? Buffer.from(get(path, headers), 'latin1')
    : Buffer.concat([
        Buffer.from(
          `POST ${path} HTTP/1.1\r\n${HOST}${JSON_TYPE}${headers}Content-Length: 2\r\nConnection: close\r\n\r\n{}`,
          'latin1',
        ),
      ])
}
