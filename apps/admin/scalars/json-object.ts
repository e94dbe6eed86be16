import {
  GraphQLError,
  GraphQLScalarType,
  Kind,
  type ObjectValueNode,
  type ValueNode,
  valueFromASTUntyped,
} from 'graphql'

// Deep enough for any record about a payment; endless nesting would exhaust the stack of whoever reads it.
const MAX_DEPTH = 32
const MAX_CHARACTERS = 16_384

export type JsonObject = Readonly<Record<string, unknown>>

export const JSONObject = new GraphQLScalarType<JsonObject, JsonObject>({
  name: 'JSONObject',
  serialize: readObject,
  parseValue: (value) => checkSize(readObject(value)),
  parseLiteral: (node, variables) => {
    checkLiteral(node)
    return checkSize(readObject(valueFromASTUntyped(node, variables)))
  },
})

function readObject(value: unknown): JsonObject {
  if (isObject(value)) return value
  throw new GraphQLError(`JSONObject is an object in braces, found ${describe(value)}`)
}

function isObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

function describe(value: unknown): string {
  return Array.isArray(value) ? 'a list' : (JSON.stringify(value)?.slice(0, 64) ?? 'nothing')
}

function checkSize(value: JsonObject): JsonObject {
  if (depthOf(value, 0) > MAX_DEPTH) throw new GraphQLError(`JSONObject is nested at most ${MAX_DEPTH} levels deep`)
  const characters = JSON.stringify(value).length
  if (characters <= MAX_CHARACTERS) return value
  throw new GraphQLError(`JSONObject has at most ${MAX_CHARACTERS} characters, found ${characters}`)
}

function depthOf(value: unknown, above: number): number {
  if (above > MAX_DEPTH || typeof value !== 'object' || value === null) return above
  return Object.values(value).reduce((deepest, inner) => Math.max(deepest, depthOf(inner, above + 1)), above + 1)
}

function checkLiteral(node: ValueNode): asserts node is ObjectValueNode {
  if (node.kind !== Kind.OBJECT) throw new GraphQLError('JSONObject is an object in braces')
}
