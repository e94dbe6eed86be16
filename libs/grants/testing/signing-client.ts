import { createPrivateKey, createPublicKey, type KeyObject, sign } from 'node:crypto'
import type { ReceivedRequest } from '../signatures/received-request.js'

// RFC 9421 B.1.4.
export const TEST_KEY = createPrivateKey({
  key: Buffer.from('MC4CAQAwBQYDK2VwBCIEIJ+DYvh6SEqVTm50DFtMDoQikTmiCqirVv9mWG9qfSnF', 'base64'),
  format: 'der',
  type: 'pkcs8',
})
export const TEST_JWK = {
  kid: 'test-key-ed25519',
  kty: 'OKP',
  crv: 'Ed25519',
  alg: 'EdDSA',
  x: 'JrQLj5P_89iXES9-vFgrIy29clF9CC_oPPsw3c5D0bs',
} as const
export const TEST_PUBLIC_KEY: KeyObject = createPublicKey(TEST_KEY)

/** 2026-01-01T00:00:00Z, in seconds. */
export const SIGNED_AT = 1_767_225_600
export const TARGET = 'https://bank.example/op/quotes'
/** RFC 9530: the sha-512 digest of {"hello": "world"}. */
export const HELLO = '{"hello": "world"}'
export const HELLO_SHA512 =
  'sha-512=:WZDPaVn/7XgHaAy8pmojAkGWoRx2UFChF41A2svX+TaPm+AbwAgBWnrIiYllu7BNNyealdVLvRwEmTHWXvJwew==:'
export const HELLO_SHA256 = 'sha-256=:X48E9qOokqqrvdts8nOJRJN3OWDUoyWxBf7kbu9DBPE=:'

export const PARAMETERS = `;keyid="test-key-ed25519";created=${SIGNED_AT}`
export const COMPONENTS = '("@method" "@target-uri" "authorization" "content-digest" "content-length" "content-type")'

/** The signature base of a POST to TARGET, written out by hand as RFC 9421 §2.5 has it. */
export interface Written {
  readonly lines?: readonly string[]
  readonly input?: string
  readonly label?: string
  readonly key?: KeyObject
}

export const LINES = [
  '"@method": POST',
  `"@target-uri": ${TARGET}`,
  '"authorization": GNAP token',
  `"content-digest": ${HELLO_SHA512}`,
  '"content-length": 18',
  '"content-type": application/json',
]

/** Signature-Input and Signature over lines of a base. */
export function signatureHeaders({
  lines = LINES,
  input = `${COMPONENTS}${PARAMETERS}`,
  label = 'sig1',
  key = TEST_KEY,
}: Written = {}): string[] {
  const base = [...lines, `"@signature-params": ${input}`].join('\n')
  const signature = sign(null, Buffer.from(base), key).toString('base64')
  return ['Signature-Input', `${label}=${input}`, 'Signature', `${label}=:${signature}:`]
}

export const REQUEST_HEADERS = [
  'Authorization',
  'GNAP token',
  'Content-Digest',
  HELLO_SHA512,
  'Content-Length',
  '18',
  'Content-Type',
  'application/json',
]

/** The request that LINES are of, with changes. */
export function signedRequest(changes: Partial<ReceivedRequest> = {}, written: Written = {}): ReceivedRequest {
  return {
    method: 'POST',
    targetUris: [TARGET],
    rawHeaders: [...REQUEST_HEADERS, ...signatureHeaders(written)],
    body: Buffer.from(HELLO),
    ...changes,
  }
}
