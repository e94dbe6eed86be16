import fc from 'fast-check'
import {
  type GraphQLInputType,
  getNullableType,
  isEnumType,
  isInputObjectType,
  isListType,
  isNonNullType,
} from 'graphql'
import type { AdminOperations, Args, Operation } from '../walk/admin-operations.js'
import { hostileJson, hostileText, mostly, numberTexts, times } from './hostile-values.js'

/** The body of a call: JSON, or what stands where JSON should. */
export type GraphqlBody = unknown

/** Values that exist, by the name of the argument or member that takes them. */
export type Known = Readonly<Record<string, readonly unknown[]>>

/** Every operation that the door offers, with arguments near to and far from its schema, and documents of all sizes. */
export function graphqlCalls(operations: AdminOperations, known: Known): fc.Arbitrary<GraphqlBody> {
  const calls = fc.oneof(...operations.all().map((operation) => callOf(operations, operation, known)))
  return fc.oneof(
    { weight: 8, arbitrary: calls },
    { weight: 2, arbitrary: calls.chain(distorted) },
    { weight: 2, arbitrary: fc.constantFrom(...oddDocuments).map((query) => ({ query })) },
    { weight: 1, arbitrary: fc.record({ query: hostileText }) },
    { weight: 1, arbitrary: fc.record({ query: hostileJson, variables: hostileJson, operationName: hostileJson }) },
    { weight: 1, arbitrary: hostileJson },
    { weight: 1, arbitrary: fc.array(calls, { maxLength: 3 }) },
  )
}

interface Call {
  readonly query: string
  readonly variables: Args
}

function callOf(operations: AdminOperations, operation: Operation, known: Known): fc.Arbitrary<Call> {
  const depth = fc.integer({ min: 1, max: 4 })
  return fc.tuple(membersOf(operation.field.args, known), depth).map(([args, levels]) => {
    return operations.body(operation, args, { depth: levels, rows: 2 })
  })
}

/** A right document with something done to it. */
function distorted({ query, variables }: Call): fc.Arbitrary<unknown> {
  const cut = fc.double({ min: 0, max: 1, noNaN: true }).map((part) => query.slice(0, query.length * part))
  const spliced = fc
    .tuple(fc.nat(query.length), hostileText)
    .map(([at, text]) => `${query.slice(0, at)}${text}${query.slice(at)}`)
  const renamed = fc.constantFrom(
    query.replaceAll(/\\b[a-z]+Id\\b/g, 'nothing'),
    query.replace('{', '@skip(if: 1) {'),
    `${query} ${query}`,
  )
  const document = fc.oneof(cut, spliced, renamed).map((text) => ({ query: text, variables }))
  const named = hostileText.map((operationName) => ({ query, variables, operationName }))
  const withVariables = hostileJson.map((other) => ({ query, variables: other }))
  return fc.oneof(document, named, withVariables)
}

type Given = { readonly name: string; readonly type: GraphQLInputType }

function membersOf(given: readonly Given[], known: Known): fc.Arbitrary<Record<string, unknown>> {
  const members = given.map(({ name, type }) => {
    const value = mostly(valueFor(type, name, known), 12).map((found) => [name, found] as const)
    const weight = isNonNullType(type) ? 20 : 1
    return fc.oneof({ weight, arbitrary: value }, { weight: 1, arbitrary: fc.constant(undefined) })
  })
  return fc.tuple(...members).map((found) => Object.fromEntries(found.filter((member) => member !== undefined)))
}

function valueFor(type: GraphQLInputType, name: string, known: Known): fc.Arbitrary<unknown> {
  const existing = known[name]
  const value = ofType(type, name, known)
  if (existing === undefined) return value
  return fc.oneof({ weight: 6, arbitrary: fc.constantFrom(...existing) }, { weight: 1, arbitrary: value })
}

function ofType(type: GraphQLInputType, name: string, known: Known): fc.Arbitrary<unknown> {
  const nullable = getNullableType(type)
  if (isListType(nullable)) return fc.array(valueFor(nullable.ofType, name, known), { maxLength: 3 })
  if (isInputObjectType(nullable)) return membersOf(Object.values(nullable.getFields()), known)
  if (isEnumType(nullable)) return fc.constantFrom(...nullable.getValues().map(({ value }) => value))
  switch (nullable.name) {
    case 'Boolean':
      return fc.boolean()
    case 'Int':
      return fc.oneof(fc.constantFrom(0, 1, 100, 101, -1, 2 ** 31 - 1, 2 ** 31), fc.integer())
    case 'UInt8':
      return fc.constantFrom(0, 2, 9, 255, 256, -1)
    case 'UInt64':
      return fc.constantFrom('1', '100', ...numberTexts)
    case 'JSONObject':
      return fc.dictionary(hostileText, hostileJson, { maxKeys: 4 })
    default:
      return fc.oneof(
        { weight: 3, arbitrary: hostileText },
        { weight: 1, arbitrary: fc.constantFrom(...times, ...numberTexts) },
      )
  }
}

const many = (count: number, each: (index: number) => string) =>
  Array.from({ length: count }, (_, index) => each(index)).join(' ')

/** Documents that cost their reader more than their writer. */
const oddDocuments: readonly string[] = [
  `{ ${many(600, (n) => `a${n}: whoami { id }`)} }`,
  `{ ${many(5_000, (n) => `a${n}: __typename`)} }`,
  `{ ${many(1_000, () => 'whoami { id }')} }`,
  `{ ${many(300, (n) => `a${n}: assets(first: 100) { edges { node { id } } }`)} }`,
  `{ assets { ${many(200, () => 'edges { node { id code } }')} } }`,
  `${'{ a '.repeat(900)}${'} '.repeat(900)}`,
  `{ whoami { ...A } } fragment A on WhoamiResponse { ...B } fragment B on WhoamiResponse { ...A }`,
  `{ whoami { ...A0 } } ${many(100, (n) => `fragment A${n} on WhoamiResponse { ...A${n + 1} ...A${n + 1} }`)} fragment A100 on WhoamiResponse { id }`,
  `{ whoami { ${many(400, () => '... on WhoamiResponse { id }')} } }`,
  `query (${many(300, (n) => `$v${n}: Int = ${n}`)}) { whoami { id } }`,
  `query { whoami ${many(500, () => '@include(if: true)')} { id } }`,
  `{ asset(id: ${'['.repeat(900)}1${']'.repeat(900)}) { id } }`,
  `{ asset(id: "${'x'.repeat(60_000)}") { id } }`,
  '{ asset(id: """\\u0000 \\ud800 """) { id } }',
  '{ asset(id: "\\uD800") { id } }',
  `{ assets(first: ${'9'.repeat(500)}) { edges { node { id } } } }`,
  '{ assets(after: "00000000-0000-0000-0000-000000000000", before: "x", first: -1, last: 0) { edges { cursor } } }',
  '{ __schema { types { fields { type { fields { type { fields { name } } } } } } } }',
  'subscription { a }',
  'mutation { __typename }',
  'fragment F on Query { whoami { id } }',
  'schema { query: Query }',
  '{ whoami { id } } { whoami { id } }',
  'query A { whoami { id } } query A { whoami { id } }',
  '{ whoami { nothing } nothing(at: all) }',
  '{ whoami }',
  '{ }',
  '',
  '#',
]
