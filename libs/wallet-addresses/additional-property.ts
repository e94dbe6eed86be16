import { DomainError } from '@kivuko/platform'

/** Something an operator notes about a wallet address; a visible one is part of the public JSON. */
export interface AdditionalProperty {
  readonly key: string
  readonly value: string
  readonly visibleInOpenPayments: boolean
}

// They are read with every wallet address.
const MAX_PROPERTIES = 20
const MAX_CHARACTERS = 1_024

/** As they are kept: trimmed, without empty ones, as in the reference. Throws on too many, too long, or one key twice. */
export function readProperties(given: readonly AdditionalProperty[]): AdditionalProperty[] {
  const kept = given
    .map(({ key, value, visibleInOpenPayments }) => ({ key: key.trim(), value: value.trim(), visibleInOpenPayments }))
    .filter(({ key, value }) => key !== '' && value !== '')
  if (kept.length > MAX_PROPERTIES) throw invalid(`at most ${MAX_PROPERTIES} of them, found ${kept.length}`)
  const seen = new Set<string>()
  for (const { key, value } of kept) {
    if (key.length > MAX_CHARACTERS || value.length > MAX_CHARACTERS) {
      throw invalid(`keys and values of at most ${MAX_CHARACTERS} characters, "${key.slice(0, 64)}" has more`)
    }
    if (seen.has(key)) throw invalid(`each key once, "${key.slice(0, 64)}" is there twice`)
    seen.add(key)
  }
  return kept
}

/** What everyone sees; undefined where there is nothing to see. */
export function visibleProperties(properties: readonly AdditionalProperty[]): Record<string, string> | undefined {
  const visible = properties.filter(({ visibleInOpenPayments }) => visibleInOpenPayments)
  return visible.length === 0 ? undefined : Object.fromEntries(visible.map(({ key, value }) => [key, value]))
}

function invalid(expected: string): DomainError {
  return new DomainError(
    'invalid',
    'InvalidAdditionalProperties',
    `A wallet address has additional properties: ${expected}`,
  )
}
