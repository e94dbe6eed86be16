import { DomainError } from '@kivuko/platform'
import type { z } from 'zod'

const SHOWN_CHARACTERS = 64

/** Parses a body or a query at the door. The refusal names each wrong member and shows what was found there. */
export function parseRequest<Schema extends z.ZodType>(schema: Schema, unchecked: unknown): z.output<Schema> {
  const result = schema.safeParse(unchecked)
  if (result.success) return result.data
  throw new DomainError(
    'invalid',
    'InvalidRequest',
    result.error.issues.map((issue) => describe(issue, unchecked)).join('; '),
  )
}

function describe({ path, message }: z.core.$ZodIssue, unchecked: unknown): string {
  const name = path.length > 0 ? path.join('.') : 'the request'
  const found = JSON.stringify(path.reduce(inside, unchecked))
  return `${name} ${message}, found ${found?.slice(0, SHOWN_CHARACTERS) ?? 'nothing'}`
}

function inside(value: unknown, key: PropertyKey): unknown {
  return typeof value === 'object' && value !== null ? Reflect.get(value, key) : undefined
}
