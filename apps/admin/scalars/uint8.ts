import { GraphQLError, GraphQLScalarType, Kind } from 'graphql'

export const UInt8 = new GraphQLScalarType<number, number>({
  name: 'UInt8',
  serialize: read,
  parseValue: read,
  parseLiteral: (node) => read(node.kind === Kind.INT ? Number.parseInt(node.value, 10) : undefined),
})

function read(value: unknown): number {
  if (typeof value === 'number' && Number.isInteger(value) && value >= 0 && value <= 255) return value
  throw new GraphQLError(`UInt8 is a whole number from 0 to 255, found ${JSON.stringify(value)}`)
}
