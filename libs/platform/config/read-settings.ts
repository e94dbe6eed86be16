import type { z } from 'zod'
import { type Problem, showFound } from './config-error.js'
import { notesOf, type Shape } from './setting.js'

/** The text of variables by name. An empty text counts as unset, as with Rafiki. */
export type Env = Readonly<Record<string, string | undefined>>

/**
 * Reads one object of settings. Problems name the variables; a wrong variable counts as unset in the value, so that
 * the rules between settings can be checked in the same start.
 */
export function readSettings<S extends Shape>(
  schema: z.ZodObject<S>,
  env: Env,
): { value: z.output<z.ZodObject<S>>; problems: Problem[] } {
  const notes = notesOf(schema.shape)
  const texts: Record<string, string> = {}
  for (const [field, { env: name }] of notes) {
    const given = env[name]?.trim()
    if (given) texts[field] = given
  }
  const problems = new Map<string, Problem>()
  for (const issue of schema.safeParse(texts).error?.issues ?? []) {
    const field = String(issue.path[0])
    const { env: variable = field, secret = false } = notes.get(field) ?? {}
    if (!problems.has(field)) {
      problems.set(field, { variable, found: showFound(texts[field], secret), expected: issue.message })
    }
  }
  for (const field of problems.keys()) delete texts[field]
  return { value: schema.parse(texts), problems: [...problems.values()] }
}
