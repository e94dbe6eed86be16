import { DomainError } from '@kivuko/platform'
import type { z } from 'zod'
import { refuseUnstorableText } from './unstorable-text.js'

const SHOWN_CHARACTERS = 64

/** Parses what GraphQL has typed further, into what the rooms take. The refusal names each wrong field and shows what was found. */
export function parseInput<Schema extends z.ZodType>(schema: Schema, unchecked: unknown): z.output<Schema> {
  refuseUnstorableText(unchecked)
  const { data, error } = schema.safeParse(unchecked)
  if (!error) return data
  throw new DomainError('invalid', 'InvalidInput', error.issues.map((issue) => describe(issue, unchecked)).join('; '))
}

function describe({ path, message }: z.core.$ZodIssue, unchecked: unknown): string {
  const found = path.reduce(inside, unchecked)
  const shown = typeof found === 'string' ? JSON.stringify(found).slice(0, SHOWN_CHARACTERS) : String(found)
  return `${path.join('.') || 'the argument'} ${message}, found ${shown}`
}

function inside(value: unknown, key: PropertyKey): unknown {
  return typeof value === 'object' && value !== null ? Reflect.get(value, key) : undefined
}
