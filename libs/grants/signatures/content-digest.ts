import { createHash } from 'node:crypto'
import { parseDictionary } from 'structured-headers'
import { SignatureRefused } from './signature-refused.js'

// RFC 9530 §5: the algorithms that are neither broken nor unfit for content.
const ALGORITHMS = { 'sha-256': 'sha256', 'sha-512': 'sha512' } as const

/** Checks a Content-Digest (RFC 9530) against the bytes of a body: each digest of a known algorithm, and at least one. */
export function checkContentDigest(values: readonly string[], body: Buffer): void {
  const digests = readDigests(values.join(', '))
  const known = Object.entries(ALGORITHMS).filter(([name]) => digests.has(name))
  if (known.length === 0) throw new SignatureRefused('content-digest has neither a sha-256 nor a sha-512 digest')
  for (const [name, hash] of known) {
    const [given] = digests.get(name) ?? []
    if (!(given instanceof ArrayBuffer)) throw new SignatureRefused(`the ${name} digest is not a byte sequence`)
    if (!createHash(hash).update(body).digest().equals(Buffer.from(given))) {
      throw new SignatureRefused(`the ${name} digest is not that of the body's bytes`)
    }
  }
}

function readDigests(value: string) {
  try {
    return parseDictionary(value)
  } catch {
    throw new SignatureRefused('content-digest cannot be read; send it as RFC 9530 says: sha-512=:…:')
  }
}
