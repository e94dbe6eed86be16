import { createHmac, timingSafeEqual } from 'node:crypto'
import { canonicalize } from 'json-canonicalize'

const MAX_AGE_MS = 300_000
const HEADER = /^t=(\d+), v1=([0-9a-f]{64})$/

/**
 * Checks `Rafiki-Signature: t=<ms>, v1=<hex HMAC-SHA256(secret, "<t>.<canonical JSON of the body>")>`, as any receiver of
 * webhooks should. Answers what is wrong, or undefined.
 */
export function signatureProblem(
  header: string | string[] | undefined,
  body: unknown,
  secret: string,
  nowMs: number,
): string | undefined {
  if (typeof header !== 'string') return 'there is no Rafiki-Signature header'
  const [, timestamp, digest] = HEADER.exec(header) ?? []
  if (timestamp === undefined || digest === undefined) return 'the Rafiki-Signature header is malformed'
  if (Math.abs(nowMs - Number(timestamp)) > MAX_AGE_MS) return 'the signature is too old'
  const expected = createHmac('sha256', secret)
    .update(`${timestamp}.${canonicalize(body)}`)
    .digest()
  return timingSafeEqual(expected, Buffer.from(digest, 'hex')) ? undefined : 'the signature does not match'
}
