import { generateKeyPairSync } from 'node:crypto'
import { describe, expect, it } from 'vitest'
import {
  COMPONENTS,
  HELLO_SHA512,
  LINES,
  PARAMETERS,
  REQUEST_HEADERS,
  SIGNED_AT,
  signatureHeaders,
  signedRequest,
  TARGET,
  TEST_PUBLIC_KEY,
} from '../testing/signing-client.js'
import type { ReceivedRequest } from './received-request.js'
import { verifySignature } from './verify-signature.js'

const window = { maxAgeSeconds: 300, maxSkewSeconds: 60 }
const attacker = generateKeyPairSync('ed25519').privateKey

function verifyAt(request: ReceivedRequest, nowSeconds = SIGNED_AT): Promise<void> {
  const findKey = async (keyId: string) => (keyId === 'test-key-ed25519' ? TEST_PUBLIC_KEY : undefined)
  return verifySignature(request, { window, nowMs: nowSeconds * 1_000, findKey })
}

/** A GET without a body, covering what it must. */
const GET_LINES = ['"@method": GET', `"@target-uri": ${TARGET}`, '"authorization": GNAP token']
const GET_INPUT = `("@method" "@target-uri" "authorization")${PARAMETERS}`
const get = (written = {}): ReceivedRequest => ({
  method: 'GET',
  targetUris: [TARGET],
  rawHeaders: ['Authorization', 'GNAP token', ...signatureHeaders({ lines: GET_LINES, input: GET_INPUT, ...written })],
  body: Buffer.alloc(0),
})

/** The POST's own lines, without the one that begins with this name; the input without the component. */
function without(name: string) {
  return {
    lines: LINES.filter((line) => !line.startsWith(`"${name}"`)),
    input: `${COMPONENTS.replace(`"${name}" `, '').replace(` "${name}"`, '')}${PARAMETERS}`,
  }
}

describe('a signature is accepted', () => {
  it('as the official client makes it, with and without a body', async () => {
    await expect(verifyAt(signedRequest())).resolves.toBeUndefined()
    await expect(verifyAt(get())).resolves.toBeUndefined()
  })

  it('of @interledger/http-signature-utils 2.0.3 with test-key-ed25519', async () => {
    const rawHeaders = [
      ['Authorization', 'GNAP token'],
      [
        'Content-Digest',
        'sha-512=:77eoKY+QWudD2+IVLhYkFfYqFtLVrFx4gW3NVxFOeldHKbgTmI8dCYTPbzjE/Mmjfqn+w9o1GYNTb3J4XXq3Bw==:',
      ],
      ['Content-Length', '7'],
      ['Content-Type', 'application/json'],
      ['Signature', 'sig1=:6jSUhOHTxrRL7r4mzGAmkf5VPpZqlgmSg3UVo7QrqU7c5GPDHT/Q0xBAC+YxYcEIlQzF4G9x6ffZJIX7OB4pDw==:'],
      ['Signature-Input', `sig1=${COMPONENTS};keyid="test-key-ed25519";created=1795264128`],
    ].flat()
    const body = Buffer.from('{"a":1}')
    await expect(verifyAt(signedRequest({ rawHeaders, body }), 1_795_264_128)).resolves.toBeUndefined()
  })

  it('under any label, with more parameters, and headers in any case', async () => {
    const input = `${COMPONENTS};created=${SIGNED_AT};keyid="test-key-ed25519";nonce="n";tag="gnap";alg="ed25519"`
    await expect(verifyAt(signedRequest({}, { label: 'mine', input }))).resolves.toBeUndefined()
    const shouted = signedRequest().rawHeaders.map((text, index) => (index % 2 === 0 ? text.toUpperCase() : text))
    await expect(verifyAt(signedRequest({ rawHeaders: shouted }))).resolves.toBeUndefined()
  })

  it('beside others: a proxy’s before or after it, in the same header or in one of its own', async () => {
    const proxy = signatureHeaders({ lines: ['"@method": POST'], input: '("@method");keyid="proxy"', label: 'proxy' })
    const client = signatureHeaders()
    for (const [first, second] of [
      [proxy, client],
      [client, proxy],
    ] as const) {
      const joined = ['Signature-Input', `${first[1]}, ${second[1]}`, 'Signature', `${second[3]}, ${first[3]}`]
      await expect(verifyAt(signedRequest({ rawHeaders: [...REQUEST_HEADERS, ...joined] }))).resolves.toBeUndefined()
      const apart = [...REQUEST_HEADERS, ...first, ...second]
      await expect(verifyAt(signedRequest({ rawHeaders: apart }))).resolves.toBeUndefined()
    }
  })

  it('for each URL the node is called by', async () => {
    const targetUris = ['http://127.0.0.1:3003/quotes', TARGET]
    await expect(verifyAt(signedRequest({ targetUris }))).resolves.toBeUndefined()
  })

  it('from 60 seconds ahead of the clock to 300 seconds after', async () => {
    await expect(verifyAt(signedRequest(), SIGNED_AT - 60)).resolves.toBeUndefined()
    await expect(verifyAt(signedRequest(), SIGNED_AT + 300)).resolves.toBeUndefined()
  })
})

describe('a signature is refused', () => {
  const cases: [string, ReceivedRequest, string][] = [
    ['no headers of it', signedRequest({ rawHeaders: REQUEST_HEADERS }), 'the header signature-input is missing'],
    [
      'no Signature',
      signedRequest({ rawHeaders: [...REQUEST_HEADERS, ...signatureHeaders().slice(0, 2)] }),
      'the header signature is missing',
    ],
    ['the method is not covered', signedRequest({}, without('@method')), 'it does not cover "@method"'],
    ['the URL is not covered', signedRequest({}, without('@target-uri')), 'it does not cover "@target-uri"'],
    ['the token is not covered', signedRequest({}, without('authorization')), 'it does not cover "authorization"'],
    ['the body is not covered', signedRequest({}, without('content-digest')), 'it does not cover "content-digest"'],
    [
      'only a part of the digest is covered',
      signedRequest(
        {},
        {
          lines: LINES.map((line) => line.replace('"content-digest"', '"content-digest";bs')),
          input: `${COMPONENTS.replace('"content-digest"', '"content-digest";bs')}${PARAMETERS}`,
        },
      ),
      'it does not cover "content-digest"',
    ],
    ['another body', signedRequest({ body: Buffer.from('{"hello": "World"}') }), 'the sha-512 digest is not that of'],
    [
      'another token',
      signedRequest({
        rawHeaders: signedRequest().rawHeaders.map((text) => text.replace('GNAP token', 'GNAP stolen')),
      }),
      "the signature is not the client's",
    ],
    ['another method', signedRequest({ method: 'PUT' }), "the signature is not the client's"],
    ['another URL', signedRequest({ targetUris: [`${TARGET}/1`] }), "the signature is not the client's"],
    ['another query', signedRequest({ targetUris: [`${TARGET}?a=1`] }), "the signature is not the client's"],
    ['another key', signedRequest({}, { key: attacker }), "the signature is not the client's"],
    [
      'a keyid the client does not have',
      signedRequest({}, { input: `${COMPONENTS};keyid="other";created=${SIGNED_AT}` }),
      'the client has no key "other"',
    ],
    ['no keyid', signedRequest({}, { input: `${COMPONENTS};created=${SIGNED_AT}` }), 'keyid is missing'],
    ['no created', signedRequest({}, { input: `${COMPONENTS};keyid="test-key-ed25519"` }), 'created is missing'],
    [
      'created as text',
      signedRequest({}, { input: `${COMPONENTS};keyid="test-key-ed25519";created="${SIGNED_AT}"` }),
      'created is missing',
    ],
    [
      'created as a fraction',
      signedRequest({}, { input: `${COMPONENTS};keyid="test-key-ed25519";created=${SIGNED_AT}.5` }),
      'created is missing',
    ],
    [
      'expired',
      signedRequest({}, { input: `${COMPONENTS}${PARAMETERS};expires=${SIGNED_AT - 1}` }),
      `it has expired (expires=${SIGNED_AT - 1})`,
    ],
    [
      'an expiry that is none',
      signedRequest({}, { input: `${COMPONENTS}${PARAMETERS};expires="soon"` }),
      'expires is not a time',
    ],
    ['another algorithm', signedRequest({}, { input: `${COMPONENTS}${PARAMETERS};alg="hmac-sha256"` }), 'alg is not'],
    [
      'a component twice',
      signedRequest(
        {},
        { lines: ['"@method": POST', ...LINES], input: `${COMPONENTS.replace('(', '("@method" ')}${PARAMETERS}` },
      ),
      'the component "@method" is covered more than once',
    ],
    [
      'a component in capitals',
      signedRequest({}, { input: `${COMPONENTS.replace('authorization', 'Authorization')}${PARAMETERS}` }),
      'not a lower-case name',
    ],
    ['no list of components', signedRequest({}, { input: `"@method"${PARAMETERS}` }), 'is not a list of components'],
    [
      'the same label twice',
      signedRequest({ rawHeaders: [...REQUEST_HEADERS, ...signatureHeaders(), ...signatureHeaders()] }),
      'signature-input has the label "sig1" more than once',
    ],
    [
      'a signature of another label',
      signedRequest({
        rawHeaders: [...REQUEST_HEADERS, ...signatureHeaders().map((t) => t.replace('sig1=:', 'sig2=:'))],
      }),
      'there is no signature "sig1"',
    ],
    [
      'a header twice, in another case',
      signedRequest({ rawHeaders: [...signedRequest().rawHeaders, 'AUTHORIZATION', 'GNAP other'] }),
      'the header authorization came more than once',
    ],
    [
      'a line break in a header',
      signedRequest({ rawHeaders: [...signedRequest().rawHeaders, 'x-note', 'a\n"@method": DELETE'] }),
      'the header x-note has a line break',
    ],
    [
      'unreadable headers',
      signedRequest({ rawHeaders: [...REQUEST_HEADERS, 'Signature-Input', 'sig1=(', 'Signature', 'sig1=:AA==:'] }),
      'the header signature-input cannot be read',
    ],
    [
      'a signature that is too short',
      signedRequest({
        rawHeaders: [...REQUEST_HEADERS, ...signatureHeaders().slice(0, 2), 'Signature', 'sig1=:AAAA:'],
      }),
      "the signature is not the client's",
    ],
    [
      'a digest that no longer belongs to the signature',
      signedRequest({
        rawHeaders: signedRequest().rawHeaders.map((text) =>
          text === HELLO_SHA512 ? 'sha-256=:X48E9qOokqqrvdts8nOJRJN3OWDUoyWxBf7kbu9DBPE=:' : text,
        ),
      }),
      "the signature is not the client's",
    ],
    ['a body that nobody signed', { ...get(), body: Buffer.from('{}') }, 'it does not cover "content-digest"'],
  ]

  it.each(cases)('%s', async (_, request, message) => {
    await expect(verifyAt(request)).rejects.toMatchObject({
      kind: 'unauthenticated',
      reason: 'InvalidSignature',
      message: expect.stringMatching(/^Signature validation error: /),
    })
    await expect(verifyAt(request)).rejects.toThrow(message)
  })

  it('too old and too far ahead', async () => {
    await expect(verifyAt(signedRequest(), SIGNED_AT + 301)).rejects.toThrow('more than 300 seconds ago')
    await expect(verifyAt(signedRequest(), SIGNED_AT - 61)).rejects.toThrow('more than 60 seconds in the future')
  })

  it('more signatures than are looked at', async () => {
    const many = ['a', 'b', 'c', 'd', 'e'].flatMap((label) => signatureHeaders({ label }))
    const request = signedRequest({ rawHeaders: [...REQUEST_HEADERS, ...many] })
    await expect(verifyAt(request)).rejects.toThrow('more than 4 signatures')
  })

  it('with a word on each of several', async () => {
    const other = signatureHeaders({ label: 'other', key: attacker })
    const mine = signatureHeaders({ label: 'mine', ...without('@method') })
    const request = signedRequest({ rawHeaders: [...REQUEST_HEADERS, ...other, ...mine] })
    await expect(verifyAt(request)).rejects.toThrow(/other: the signature is not .*; mine: it does not cover "@method"/)
  })
})
