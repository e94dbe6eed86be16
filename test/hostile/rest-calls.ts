import { getResourceServerOpenAPI } from '@interledger/open-payments'
import fc from 'fast-check'
import { z } from 'zod'
import type { Operation } from '../contracts/doors/open-payments-spec.js'
import { hostileJson, hostileText, mostly, numberTexts, times } from './hostile-values.js'

/** A call of the resource server. `path` is below the tenant's base, as it goes out. */
export interface RestCall {
  readonly operation: Operation
  readonly path: string
  /** As it goes out; JSON, or something like it. */
  readonly body: string | undefined
}

/** Values that exist, by the name of the member that takes them; `id` by the collection. */
export type Known = Readonly<Record<string, readonly unknown[]>>

// As much of JSON Schema as the official files use.
const schemaShape = z.looseObject({
  type: z.union([z.string(), z.array(z.string())]).optional(),
  properties: z.record(z.string(), z.unknown()).optional(),
  required: z.array(z.string()).optional(),
  enum: z.array(z.unknown()).optional(),
  const: z.unknown().optional(),
  items: z.unknown().optional(),
  format: z.string().optional(),
  oneOf: z.array(z.unknown()).optional(),
  anyOf: z.array(z.unknown()).optional(),
  allOf: z.array(z.unknown()).optional(),
})
const bodyShape = z.looseObject({ content: z.record(z.string(), z.looseObject({ schema: z.unknown() })) })
const parameterShape = z.looseObject({ name: z.string(), in: z.string(), schema: z.unknown() })

/** Every operation of the official resource server's file, with values near to and far from what it documents. */
export async function restCalls(known: Known): Promise<fc.Arbitrary<RestCall>> {
  const { paths } = await getResourceServerOpenAPI()
  const calls = Object.entries(paths).flatMap(([path, item]) =>
    (['get', 'post'] as const).flatMap((method) => {
      const documented = item[method]
      if (documented === undefined) return []
      const parameters = [...(item.parameters ?? []), ...(documented.parameters ?? [])]
      const operation: Operation = `${method} ${path}`
      const body = bodyOf(documented.requestBody, known)
      return [fc.record({ operation: fc.constant(operation), path: pathOf(path, parameters, known), body })]
    }),
  )
  return fc.oneof(...calls)
}

function bodyOf(requestBody: unknown, known: Known): fc.Arbitrary<string | undefined> {
  if (requestBody === undefined)
    return fc.oneof({ weight: 4, arbitrary: fc.constant(undefined) }, { weight: 1, arbitrary: fc.constant('{}') })
  const { content } = bodyShape.parse(requestBody)
  const value = mostly(valueFor(content['application/json']?.schema, '', known), 12)
  const text = value.map((given) => JSON.stringify(given) ?? '')
  return fc.oneof(
    { weight: 12, arbitrary: text },
    { weight: 1, arbitrary: brokenText(text) },
    { weight: 1, arbitrary: fc.constant(undefined) },
  )
}

/** What is no JSON, or JSON that says a thing twice, or more than a door should read. */
function brokenText(text: fc.Arbitrary<string>): fc.Arbitrary<string> {
  return fc.oneof(
    fc
      .tuple(text, fc.double({ min: 0, max: 1, noNaN: true }))
      .map(([whole, part]) => whole.slice(0, whole.length * part)),
    text.map((whole) => whole.replace('{', '{"walletAddress":1,"__proto__":{"a":1},')),
    text.map((whole) => `${whole}${whole}`),
    fc.constantFrom(
      '[',
      '{"a":',
      `${'['.repeat(30_000)}`,
      `${'{"a":'.repeat(10_000)}1`,
      `"${'x'.repeat(70_000)}"`,
      '1e999',
      '\ufeff{}',
      'NaN',
    ),
  )
}

function pathOf(path: string, parameters: readonly unknown[], known: Known): fc.Arbitrary<string> {
  const named = parameters.map((parameter) => parameterShape.parse(parameter))
  const queries = named
    .filter((parameter) => parameter.in === 'query')
    .map(({ name, schema }) => query(name, schema, known))
  const [, collection = ''] = path.split('/')
  const ids = mostly(fc.constantFrom('x', ...(known[collection] ?? [])), 4)
  return fc.tuple(ids, fc.tuple(...queries)).map(([id, given]) => {
    const members = given.filter((member) => member !== '')
    const filled = path.replace('{id}', () => encodeURIComponent(textOf(id)) || '%20')
    return members.length === 0 ? filled : `${filled}?${members.join('&')}`
  })
}

function query(name: string, schema: unknown, known: Known): fc.Arbitrary<string> {
  const one = mostly(valueFor(schema, name, known), 8).map((value) => `${name}=${encodeURIComponent(textOf(value))}`)
  const twice = fc.tuple(one, one).map((both) => both.join('&'))
  const odd = fc.constantFrom(
    `${name}`,
    `${name}=`,
    `${name}[]=1`,
    `${name}[a]=1`,
    `${name}=%`,
    `${name}=%C0%80`,
    `${name}=%ED%A0%80`,
  )
  return fc.oneof(
    { weight: 6, arbitrary: one },
    { weight: 3, arbitrary: fc.constant('') },
    { weight: 1, arbitrary: twice },
    { weight: 1, arbitrary: odd },
  )
}

/** As far as a URL can carry it. */
function textOf(value: unknown): string {
  const text = typeof value === 'string' ? value : (JSON.stringify(value) ?? '')
  return Buffer.from(text.slice(0, 4_000)).toString()
}

function valueFor(unchecked: unknown, name: string, known: Known): fc.Arbitrary<unknown> {
  const existing = known[name]
  const value = ofSchema(unchecked, name, known)
  return existing === undefined
    ? value
    : fc.oneof({ weight: 8, arbitrary: fc.constantFrom(...existing) }, { weight: 1, arbitrary: value })
}

function ofSchema(unchecked: unknown, name: string, known: Known): fc.Arbitrary<unknown> {
  const schema = schemaShape.parse(unchecked ?? {})
  const choices = schema.oneOf ?? schema.anyOf
  if (schema.const !== undefined) return fc.constant(schema.const)
  if (schema.enum !== undefined) return fc.constantFrom(...schema.enum)
  const parts = [schema, ...(schema.allOf ?? []).map((part) => schemaShape.parse(part))]
  const own = parts.some(({ properties }) => properties !== undefined) ? objectOf(parts, known) : undefined
  if (choices !== undefined) {
    const chosen = fc.oneof(...choices.map((choice) => ofSchema(choice, name, known)))
    return own === undefined ? chosen : fc.tuple(own, chosen).map(([one, other]) => merged(one, other))
  }
  if (own !== undefined) return own
  const [type] = [schema.type].flat()
  if (type === 'integer' || type === 'number') return fc.oneof(fc.constantFrom(0, 1, 2, 9, 255, 256), fc.integer())
  if (type === 'boolean') return fc.boolean()
  if (type === 'array') return fc.array(valueFor(schema.items, '', known), { maxLength: 3 })
  if (type === 'object') return fc.dictionary(fc.string({ maxLength: 8 }), hostileText, { maxKeys: 3 })
  if (type !== 'string') return hostileJson
  if (schema.format === 'date-time') return fc.oneof(fc.constant('2030-01-01T00:00:00Z'), fc.constantFrom(...times))
  if (schema.format !== 'uint64') return hostileText
  return fc.oneof(
    { weight: 2, arbitrary: fc.constantFrom('1', '2', '100') },
    { weight: 1, arbitrary: fc.constantFrom(...numberTexts) },
  )
}

function objectOf(parts: readonly z.infer<typeof schemaShape>[], known: Known): fc.Arbitrary<Record<string, unknown>> {
  const members = parts.flatMap(({ properties = {}, required = [] }) =>
    Object.entries(properties).map(([name, schema]) => {
      const value = mostly(valueFor(schema, name, known), 20).map((given) => [name, given] as const)
      const isLikely = required.includes(name) ? 20 : 1
      return fc.oneof({ weight: isLikely, arbitrary: value }, { weight: 1, arbitrary: fc.constant(undefined) })
    }),
  )
  const unknown = fc.tuple(hostileText, hostileJson)
  const extra = fc.oneof({ weight: 12, arbitrary: fc.constant(undefined) }, { weight: 1, arbitrary: unknown })
  return fc.tuple(...members, extra).map((given) => Object.fromEntries(given.filter((one) => one !== undefined)))
}

function merged(one: Record<string, unknown>, other: unknown): unknown {
  return typeof other === 'object' && other !== null && !Array.isArray(other) ? { ...one, ...other } : one
}
