import { createHmac } from 'node:crypto'
import { canonicalize } from 'json-canonicalize'

export interface SignatureKey {
  readonly secret: string
  readonly version: number
}

/** What a receiver gets: Rafiki's body, in the canonical form (RFC 8785) that is also what is signed. */
export interface WebhookMessage {
  readonly body: string
  readonly headers: Readonly<Record<string, string>>
}

/** `Rafiki-Signature: t=<ms>, v<version>=<hex HMAC-SHA256(secret, "<t>.<canonical body>")>` */
export function signedMessage(
  event: { readonly id: string; readonly type: string; readonly data: unknown },
  key: SignatureKey,
  nowMs: number,
): WebhookMessage {
  const body = canonicalize({ id: event.id, type: event.type, data: event.data })
  const digest = createHmac('sha256', key.secret).update(`${nowMs}.${body}`).digest('hex')
  return {
    body,
    headers: {
      'content-type': 'application/json',
      'rafiki-signature': `t=${nowMs}, v${key.version}=${digest}`,
    },
  }
}
