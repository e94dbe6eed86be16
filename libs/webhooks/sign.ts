import { createHmac } from 'node:crypto'
import { canonicalize } from 'json-canonicalize'

export interface SignatureKey {
  readonly secret: string
  /** The secret before, while receivers change over to the new one. */
  readonly formerSecret?: string
  readonly version: number
}

/** What a receiver gets: Rafiki's body, in the canonical form (RFC 8785) that is also what is signed. */
export interface WebhookMessage {
  readonly body: string
  readonly headers: Readonly<Record<string, string>>
}

/**
 * `Rafiki-Signature: t=<ms>, v<version>=<hex HMAC-SHA256(secret, "<t>.<canonical body>")>`. While two secrets hold, both
 * sign, the former one first: a receiver that looks at one signature only has the former secret still.
 */
export function signedMessage(
  event: { readonly id: string; readonly type: string; readonly data: unknown },
  { secret, formerSecret, version }: SignatureKey,
  nowMs: number,
): WebhookMessage {
  const body = canonicalize({ id: event.id, type: event.type, data: event.data })
  const secrets = formerSecret === undefined ? [secret] : [formerSecret, secret]
  const signatures = secrets.map((each) => {
    const digest = createHmac('sha256', each).update(`${nowMs}.${body}`).digest('hex')
    return `v${version}=${digest}`
  })
  return {
    body,
    headers: {
      'content-type': 'application/json',
      'rafiki-signature': [`t=${nowMs}`, ...signatures].join(', '),
    },
  }
}
