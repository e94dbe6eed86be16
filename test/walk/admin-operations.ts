import {
  buildClientSchema,
  type GraphQLField,
  type GraphQLOutputType,
  type GraphQLSchema,
  getIntrospectionQuery,
  getNamedType,
  type IntrospectionQuery,
  isLeafType,
  isObjectType,
  isRequiredArgument,
} from 'graphql'
import { z } from 'zod'
import type { AdminClient } from '../harness/admin-client.js'

export type Field = GraphQLField<unknown, unknown>
export type Args = Readonly<Record<string, unknown>>

/** One field of Query or Mutation. */
export interface Operation {
  readonly kind: 'query' | 'mutation'
  readonly name: string
  readonly field: Field
}

export interface Selecting {
  /** Levels of fields below the operation's own. */
  readonly depth?: number
  /** Rows of each list within. */
  readonly rows?: number
}

const introspection = z.custom<IntrospectionQuery>((value) => typeof value === 'object' && value !== null)
const anything = z.record(z.string(), z.unknown())

// Three connections within each other, and what their rows hold.
const DEPTH = 8

/** What the admin door offers, as it tells itself, and calls of it that ask for every field there is. */
export class AdminOperations {
  private constructor(readonly schema: GraphQLSchema) {}

  static async offeredTo(client: AdminClient): Promise<AdminOperations> {
    const told = await client.request(getIntrospectionQuery(), {}, introspection)
    return new AdminOperations(buildClientSchema(told))
  }

  all(): Operation[] {
    return (['query', 'mutation'] as const).flatMap((kind) => {
      const root = kind === 'query' ? this.schema.getQueryType() : this.schema.getMutationType()
      return Object.values(root?.getFields() ?? {}).map((field) => ({ kind, name: field.name, field }))
    })
  }

  find(name: string): Operation {
    const found = this.all().find((operation) => operation.name === name)
    if (found === undefined) throw new Error(`the admin door offers no ${name}`)
    return found
  }

  /** The body of a call. */
  body({ kind, name, field }: Operation, args: Args, selecting: Selecting = {}) {
    const given = field.args.filter((arg) => arg.name in args)
    const declared = given.map((arg) => `$${arg.name}: ${arg.type}`).join(', ')
    const passed = given.map((arg) => `${arg.name}: $${arg.name}`).join(', ')
    const call = given.length === 0 ? name : `${name}(${passed})`
    const { depth = DEPTH, rows = 2 } = selecting
    const query = `${kind} ${declared === '' ? '' : `(${declared})`} { ${call} ${selection(field.type, depth, rows)} }`
    return { query, variables: args }
  }

  /** Calls an operation that must succeed, and answers what it answers. */
  async act(client: AdminClient, name: string, args: Args = {}, selecting: Selecting = { depth: 3 }): Promise<unknown> {
    const { query, variables } = this.body(this.find(name), args, selecting)
    return (await client.request(query, variables, anything))[name]
  }
}

/** Every field of a type that needs no arguments, and of what it holds; lists within only so long. */
function selection(type: GraphQLOutputType, depth: number, rows: number): string {
  const named = getNamedType(type)
  if (!isObjectType(named)) return ''
  const fields = Object.values(named.getFields()).flatMap((field) => selected(field, depth, rows))
  return `{ ${fields.join(' ')} }`
}

/** A field with all that it holds, as a document asks for it; nothing for one that needs arguments. */
export function selected(field: Field, depth: number, rows: number): string[] {
  if (field.args.some(isRequiredArgument)) return []
  if (isLeafType(getNamedType(field.type))) return [field.name]
  if (depth <= 1) return []
  const inner = selection(field.type, depth - 1, rows)
  if (inner === '{  }') return []
  return [`${field.name}${field.args.some(({ name }) => name === 'first') ? `(first: ${rows})` : ''} ${inner}`]
}
