import { type ArgumentNode, type GraphQLField, Kind, type ValueNode } from 'graphql'

// What pages hold: this many rows when no length is given, this many at most.
const DEFAULT_ROWS = 20
const LONGEST_ROWS = 100

const LENGTHS: ReadonlySet<string> = new Set(['first', 'last', 'limit'])

/** How often the inside of a field may be answered: once, or for a list as often as the given length, known or not, allows. */
export function rowsAtMost(field: GraphQLField<unknown, unknown>, given: readonly ArgumentNode[]): number {
  if (!field.args.some(({ name }) => LENGTHS.has(name))) return 1
  const lengths = given.filter(({ name }) => LENGTHS.has(name.value)).map(({ value }) => lengthOf(value))
  return lengths.length === 0 ? DEFAULT_ROWS : Math.max(...lengths)
}

/** A length in a variable is not known when the document is checked, and a negative one is refused later. */
function lengthOf(value: ValueNode): number {
  if (value.kind !== Kind.INT) return LONGEST_ROWS
  const rows = Number.parseInt(value.value, 10)
  if (rows === 0) return DEFAULT_ROWS
  return rows > 0 && rows < LONGEST_ROWS ? rows : LONGEST_ROWS
}
