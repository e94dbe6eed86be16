import { DomainError, type Page } from '@kivuko/platform'

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

// As many as a page holds.
const MAX_WANTED = 100

/** The values of a filter on a field with endless many: only `in` can be asked of it. Undefined: any. */
export function wantedOnly(field: string, filter?: FilterString | null): readonly string[] | undefined {
  const { in: wanted, notIn: unwanted } = filter ?? {}
  if (unwanted && unwanted.length > 0) throw unusable(field, 'takes only "in", found "notIn"')
  if (wanted && wanted.length > MAX_WANTED)
    throw unusable(field, `takes at most ${MAX_WANTED} values, found ${wanted.length}`)
  return wanted ?? undefined
}

function unusable(field: string, why: string): DomainError {
  return new DomainError('invalid', 'InvalidFilter', `filter.${field} ${why}`)
}

/** What a filter that nothing passes leaves. */
export const emptyPage: Page<never> = { rows: [], hasNextPage: false, hasPreviousPage: false }
