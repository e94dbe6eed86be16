import { DomainError } from '@kivuko/platform'

// Half a surrogate pair is no character; JSON lets it pass, a Postgres jsonb does not. Nor does any text hold a NUL.
const UNSTORABLE = /\0|\p{Surrogate}/u

/** Throws `invalid` for a text inside a value, member names too, that no database stores. Values are as deep as JSONObject allows. */
export function refuseUnstorableText(value: unknown): void {
  if (!hasUnstorableText(value)) return
  throw new DomainError('invalid', 'InvalidText', 'A text holds a NUL character or half a surrogate pair; take it out')
}

function hasUnstorableText(value: unknown): boolean {
  if (typeof value === 'string') return UNSTORABLE.test(value)
  if (typeof value !== 'object' || value === null) return false
  return Object.entries(value).some(([name, inner]) => UNSTORABLE.test(name) || hasUnstorableText(inner))
}
