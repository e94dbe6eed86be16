import { createHmac, timingSafeEqual } from 'node:crypto'
import { canonicalize } from 'json-canonicalize'

/** The `signature` header as Rafiki's clients write it: `t=<milliseconds>, v<version>=<hex HMAC-SHA256>`. */
export interface Signature {
  readonly timestampMs: number
  readonly version: number
  /** 64 lower-case hex digits: one spelling only, so that a replay cannot change its face. */
  readonly digest: string
}

// 13 digits reach the year 2286; a fixed length leaves no second spelling of one time.
const SIGNATURE = /^t=(\d{13}), ?v(\d{1,4})=([0-9a-f]{64})$/

export function parseSignature(header: string): Signature | undefined {
  const [, timestamp, version, digest] = SIGNATURE.exec(header) ?? []
  if (timestamp === undefined || version === undefined || digest === undefined) return undefined
  return { timestampMs: Number.parseInt(timestamp, 10), version: Number.parseInt(version, 10), digest }
}

/** A GraphQL request as it is signed: these three members, those that were sent. */
export type SignedBody = Readonly<Partial<Record<'query' | 'variables' | 'operationName', unknown>>>

/** HMAC-SHA256 over `<timestamp>.<canonical JSON>` (RFC 8785) in hex. */
export function digestOf(timestampMs: number, body: SignedBody, secret: string): string {
  const { query, variables, operationName } = body
  const canonical = canonicalize({ query, variables, operationName })
  return createHmac('sha256', secret).update(`${timestampMs}.${canonical}`).digest('hex')
}

/** Compares in constant time. What has no canonical form (bottomless nesting, an infinite number) is signed by nobody. */
export function isSignedBy(secret: string, signature: Signature, body: SignedBody): boolean {
  const expected = digestOrNone(signature.timestampMs, body, secret)
  return expected !== undefined && timingSafeEqual(Buffer.from(expected, 'hex'), Buffer.from(signature.digest, 'hex'))
}

function digestOrNone(timestampMs: number, body: SignedBody, secret: string): string | undefined {
  try {
    return digestOf(timestampMs, body, secret)
  } catch {
    return undefined
  }
}

/** Whether the time of signing is within the window, before and after now. */
export function isWithinWindow(timestampMs: number, nowMs: number, windowMs: number): boolean {
  return Math.abs(nowMs - timestampMs) <= windowMs
}
