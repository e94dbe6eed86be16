import { DomainError, type Page } from '@kivuko/platform'
import { z } from 'zod'
import { parseInput } from '../inputs/parse-input.js'

/** GraphQL's FilterString. */
export interface FilterString {
  readonly in?: readonly string[] | null
  readonly notIn?: readonly string[] | null
}

/** The arguments of a list that can be filtered by these fields. */
export interface Filtered<Field extends string> {
  readonly filter?: Partial<Readonly<Record<Field, FilterString | null>>> | null
}

/** Which of the known values a filter lets pass: all of them without one. */
export function chosenFrom<Value extends string>(known: readonly Value[], filter?: FilterString | null): Value[] {
  const { in: wanted, notIn: unwanted } = filter ?? {}
  return known.filter((value) => (wanted?.includes(value) ?? true) && !unwanted?.includes(value))
}

/** The same for a list that no client of Rafiki filters: a value that is not known is an error, not a list of nothing. */
export function chosenAmong<Value extends string>(
  field: string,
  known: readonly Value[],
  filter?: FilterString | null,
): Value[] {
  const names: readonly string[] = known
  const unknown = [...(filter?.in ?? []), ...(filter?.notIn ?? [])].find((value) => !names.includes(value))
  if (unknown === undefined) return chosenFrom(known, filter)
  const message = `filter.${field} takes ${known.join(', ')}, found "${unknown.slice(0, 64)}"`
  throw new DomainError('invalid', 'InvalidFilter', message)
}

// As many as a page holds.
const MAX_WANTED = 100

/** The values of a filter on a field with endless many: only `in` can be asked of it. Undefined: any. */
export function wantedOnly(
  field: string,
  filter: FilterString | null | undefined,
  value: z.ZodType<string>,
): string[] | undefined {
  const { in: wanted, notIn: unwanted } = filter ?? {}
  if (unwanted && unwanted.length > 0) {
    throw new DomainError('invalid', 'InvalidFilter', `filter.${field} takes only "in", found "notIn"`)
  }
  if (!wanted) return undefined
  const list = z.array(value).max(MAX_WANTED, { error: `takes at most ${MAX_WANTED} values` })
  return parseInput(z.object({ filter: z.object({ [field]: list }) }), { filter: { [field]: wanted } }).filter[field]
}

/** What a filter that nothing passes leaves. */
export const emptyPage: Page<never> = { rows: [], hasNextPage: false, hasPreviousPage: false }
