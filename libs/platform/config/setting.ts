import { z } from 'zod'

/** What is known of a setting besides its type: the variable it is read from and what `.env.example` says about it. */
export interface SettingNotes {
  readonly env: string
  readonly note: string
  /** The text that stands for an unset variable. */
  readonly fallback?: string
  /** Never shown, not even when it is wrong. */
  readonly secret?: boolean
}

const notes = z.registry<SettingNotes>()

/** A setting that always has a value: `fallback` is read as if it had been given. */
export function setting<Value>(env: string, schema: z.ZodType<Value, string>, fallback: string, note: string) {
  return schema.prefault(fallback).register(notes, { env, note, fallback })
}

/** A setting that may be absent. */
export function optional<Value>(
  env: string,
  schema: z.ZodType<Value, string>,
  note: string,
  { secret = false }: { secret?: boolean } = {},
) {
  return schema.optional().register(notes, { env, note, secret })
}

/** Settings by field name, as `z.object` takes them. */
export type Shape = Readonly<Record<string, z.ZodType>>

/** The notes of every setting in a shape, by field name. */
export function notesOf(shape: Shape): Map<string, SettingNotes> {
  const found = new Map<string, SettingNotes>()
  for (const [field, schema] of Object.entries(shape)) {
    const entry = notes.get(schema)
    if (entry) found.set(field, entry)
  }
  return found
}
