import type { Page } from '@kivuko/platform'

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

/** What a filter that nothing passes leaves. */
export const emptyPage: Page<never> = { rows: [], hasNextPage: false, hasPreviousPage: false }
