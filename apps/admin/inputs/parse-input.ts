import { DomainError } from '@kivuko/platform'
import type { z } from 'zod'

const SHOWN_CHARACTERS = 64

/** Parses what GraphQL has typed further, into what the rooms take. The refusal names the field and shows what was found. */
export function parseInput<Schema extends z.ZodType>(schema: Schema, unchecked: unknown): z.output<Schema> {
  const result = schema.safeParse(unchecked)
  if (result.success) return result.data
  const problems = result.error.issues.map(
    ({ path, message }) => `${path.join('.')} ${message}, found ${show(unchecked, path)}`,
  )
  throw new DomainError('invalid', 'InvalidInput', problems.join('; '))
}

function show(unchecked: unknown, path: readonly PropertyKey[]): string {
  const found = path.reduce<unknown>(inside, unchecked)
  return (
    JSON.stringify(found, (_name, value: unknown) => (typeof value === 'bigint' ? value.toString() : value))?.slice(
      0,
      SHOWN_CHARACTERS,
    ) ?? 'nothing'
  )
}

function inside(value: unknown, key: PropertyKey): unknown {
  return typeof value === 'object' && value !== null ? Reflect.get(value, key) : undefined
}
