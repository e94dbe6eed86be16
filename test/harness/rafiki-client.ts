import {
  buildSchema,
  type GraphQLField,
  type GraphQLObjectType,
  type GraphQLOutputType,
  type GraphQLSchema,
  getNamedType,
  isObjectType,
} from 'graphql'
import { z } from 'zod'
import { type AdminClient, AdminError } from './admin-client.js'
import { enums, inputs, mutations, outputs, queries } from './rafiki-surface.js'

const PAGE = 'after: String, before: String, first: Int, last: Int, sortOrder: SortOrder'
const SCALARS = ['UInt8', 'UInt64', 'JSONObject']

/** Rafiki's admin API as a schema, as far as this node has it too. */
export function rafikiSchema(): GraphQLSchema {
  const all = (kind: string, types: string) => types.replace(/^(?=\w)/gm, `${kind} `)
  const text = [
    SCALARS.map((name) => `scalar ${name}`).join('\n'),
    `type Query {${queries}}`,
    `type Mutation {${mutations}}`,
    all('type', outputs),
    all('input', inputs),
    all('enum', enums),
  ].join('\n')
  return buildSchema(text.replaceAll('...page', PAGE))
}

export type Operation = GraphQLField<unknown, unknown> & { readonly kind: 'query' | 'mutation' }

export function rafikiOperations(schema = rafikiSchema()): Map<string, Operation> {
  const of = (kind: Operation['kind'], type: GraphQLObjectType | null | undefined) =>
    Object.values(type?.getFields() ?? {}).map((field) => [field.name, { ...field, kind }] as const)
  return new Map([...of('query', schema.getQueryType()), ...of('mutation', schema.getMutationType())])
}

/** A document that asks for all there is, each argument a variable. Lists within lists are left out: nobody pages them so. */
export function fullDocument({ kind, name, args, type }: Operation): string {
  const variables = args.map((arg) => `$${arg.name}: ${arg.type}`).join(', ')
  const given = args.map((arg) => `${arg.name}: $${arg.name}`).join(', ')
  const inBrackets = (text: string) => (text === '' ? '' : `(${text})`)
  return `${kind} ${name}${inBrackets(variables)} { ${name}${inBrackets(given)} ${selection(type, [])} }`
}

function selection(type: GraphQLOutputType, path: readonly string[]): string {
  const named = getNamedType(type)
  if (!isObjectType(named)) return ''
  const inside = [...path, named.name]
  const isWithinList = path.some((name) => name.endsWith('Connection'))
  const fields = Object.values(named.getFields()).filter((field) => {
    const { name } = getNamedType(field.type)
    return !inside.includes(name) && !(isWithinList && name.endsWith('Connection'))
  })
  return `{ ${fields.map((field) => `${field.name} ${selection(field.type, inside)}`.trim()).join(' ')} }`
}

const answered = z.object({
  data: z.record(z.string(), z.unknown()).nullish(),
  errors: z.array(z.object({ message: z.string(), extensions: z.object({ code: z.string() }) })).optional(),
})

/** A client as those of Rafiki's own tools: a document with its name and variables, signed. */
export class RafikiClient {
  private readonly operations = rafikiOperations()

  /** `called`: the names of what was asked, in all clients that share it. */
  constructor(
    private readonly admin: AdminClient,
    private readonly called = new Set<string>(),
  ) {}

  /** What the operation answers; throws AdminError. */
  async call(name: string, variables: Record<string, unknown> = {}): Promise<Answer> {
    const operation = this.operations.get(name)
    if (operation === undefined) throw new Error(`Rafiki has no operation ${name}`)
    this.called.add(name)
    const { status, text } = await this.admin.post({ operationName: name, query: fullDocument(operation), variables })
    const { data, errors = [] } = answered.parse(JSON.parse(text))
    if (errors.length === 0) return new Answer(data?.[name])
    const codes = errors.map(({ extensions }) => extensions.code)
    throw new AdminError(errors.map(({ message }) => message).join('; '), status, codes)
  }

  /** The same for a mutation with one input. */
  change(name: string, input: Record<string, unknown>): Promise<Answer> {
    return this.call(name, { input })
  }

  get left(): string[] {
    return [...this.operations.keys()].filter((name) => !this.called.has(name))
  }
}

/** What an operation answered, read by paths such as `asset.id` and `edges.0.node.id`. */
export class Answer {
  constructor(readonly value: unknown) {}

  at(path: string): unknown {
    return path.split('.').reduce<unknown>((value, key) => {
      return typeof value === 'object' && value !== null ? Reflect.get(value, key) : undefined
    }, this.value)
  }

  text(path: string): string {
    return z.string({ error: `${path} is no text` }).parse(this.at(path))
  }
}
