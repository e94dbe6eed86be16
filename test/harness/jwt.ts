import { createHmac } from 'node:crypto'
import { SystemClock } from '@kivuko/platform'

const clock = new SystemClock()
const FIVE_MINUTES_SECONDS = 300

/** A JWT_HS_256, made here by hand, valid for five minutes unless told otherwise. `secret` is base64. */
export function jwtOf(subject: string, secret: string, lifetimeSeconds = FIVE_MINUTES_SECONDS): string {
  const claims = { sub: subject, exp: Math.floor(clock.nowMs() / 1_000) + lifetimeSeconds }
  const parts = [{ typ: 'JWT', alg: 'HS256' }, claims].map((part) =>
    Buffer.from(JSON.stringify(part)).toString('base64url'),
  )
  const signature = createHmac('sha256', Buffer.from(secret, 'base64')).update(parts.join('.')).digest('base64url')
  return [...parts, signature].join('.')
}
