import { GraphQLError, GraphQLScalarType, Kind } from 'graphql'

const MAX = 2n ** 64n - 1n
const DIGITS = /^\d{1,20}$/

/** A bigint inside, a string outside. Numbers are read only where JSON has not rounded them already. */
export const UInt64 = new GraphQLScalarType<bigint, string>({
  name: 'UInt64',
  serialize: (value) => read(value).toString(),
  parseValue: read,
  parseLiteral: (node) => read(node.kind === Kind.INT || node.kind === Kind.STRING ? node.value : undefined),
})

function read(value: unknown): bigint {
  const whole = toBigInt(value)
  if (whole !== undefined && whole >= 0n && whole <= MAX) return whole
  throw new GraphQLError(
    `UInt64 is a whole number from 0 to ${MAX}, found ${show(value)}; write it as a string of digits`,
  )
}

function toBigInt(value: unknown): bigint | undefined {
  if (typeof value === 'bigint') return value
  if (typeof value === 'string' && DIGITS.test(value)) return BigInt(value)
  return typeof value === 'number' && Number.isSafeInteger(value) ? BigInt(value) : undefined
}

function show(value: unknown): string {
  return typeof value === 'bigint' ? value.toString() : (JSON.stringify(value)?.slice(0, 64) ?? 'nothing')
}
