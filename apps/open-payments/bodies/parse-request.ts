import { DomainError } from '@kivuko/platform'
import type { z } from 'zod'
import { hasUnstorableText } from './unstorable-text.js'

const SHOWN_CHARACTERS = 64
// Names of members come from the caller, as many and as long as a body holds.
const LONGEST_MESSAGE = 1_000

/** Parses a body or a query at the door. The refusal names each wrong member and shows what was found there. */
export function parseRequest<Schema extends z.ZodType>(schema: Schema, unchecked: unknown): z.output<Schema> {
  const { data, error } = schema.safeParse(unchecked)
  if (error) throw invalid('InvalidRequest', error.issues.map((issue) => describe(issue, unchecked)).join('; '))
  if (!hasUnstorableText(data)) return data
  throw invalid('InvalidText', 'a text holds a NUL character or half a surrogate pair; take it out')
}

function invalid(reason: string, why: string): DomainError {
  return new DomainError('invalid', reason, `Invalid request: ${why}`.slice(0, LONGEST_MESSAGE))
}

function describe({ path, message }: z.core.$ZodIssue, unchecked: unknown): string {
  if (path.length === 0) return `it ${message}`
  return `${path.join('.')} ${message}, found ${show(path.reduce(inside, unchecked))}`
}

function inside(value: unknown, key: PropertyKey): unknown {
  return typeof value === 'object' && value !== null ? Reflect.get(value, key) : undefined
}

function show(found: unknown): string {
  if (Array.isArray(found)) return 'a list'
  if (typeof found === 'object' && found !== null) return 'an object'
  return JSON.stringify(found)?.slice(0, SHOWN_CHARACTERS) ?? 'nothing'
}
