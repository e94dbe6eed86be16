import { DomainError } from '@kivuko/platform'
import type { IdempotencyKeys, KeyedCall } from '@kivuko/tenants'
import { defaultFieldResolver, type GraphQLField, type GraphQLSchema, getNamedType, isInputObjectType } from 'graphql'
import type { Context } from '../context.js'
import { refuseUnstorableText } from '../inputs/unstorable-text.js'

const MAX_KEY_CHARACTERS = 255

/** Makes every mutation whose input has an `idempotencyKey` answer repeats of a key alike; none can be forgotten. */
export function makeIdempotent(schema: GraphQLSchema, answers: Pick<IdempotencyKeys, 'once'>): GraphQLSchema {
  const mutations = schema.getMutationType()?.getFields() ?? {}
  for (const field of Object.values(mutations).filter(takesKey)) {
    const resolve = field.resolve ?? defaultFieldResolver
    field.resolve = (source, args, context: Context, about) => {
      const key = keyOf(args.input)
      if (key === undefined) return resolve(source, args, context, about)
      // Key and arguments are stored, before the operation itself has looked at them.
      refuseUnstorableText(args)
      const call = { tenantId: context.caller.tenantId, key, operation: field.name, args: textOf(args) }
      return answers.once(call, async () => resolve(source, args, { ...context, call: nameOf(call) }, about))
    }
  }
  return schema
}

function nameOf({ tenantId, key, operation, args }: KeyedCall): string {
  return JSON.stringify([tenantId, operation, key, args])
}

function takesKey(field: GraphQLField<unknown, unknown>): boolean {
  const input = field.args.find(({ name }) => name === 'input')
  const type = input && getNamedType(input.type)
  return isInputObjectType(type) && 'idempotencyKey' in type.getFields()
}

function keyOf(input: unknown): string | undefined {
  if (typeof input !== 'object' || input === null || !('idempotencyKey' in input)) return undefined
  const key = input.idempotencyKey
  if (typeof key !== 'string') return undefined
  if (key.length > 0 && key.length <= MAX_KEY_CHARACTERS) return key
  const message = `idempotencyKey has 1 to ${MAX_KEY_CHARACTERS} characters, found ${key.length}; a UUID will do`
  throw new DomainError('invalid', 'InvalidIdempotencyKey', message)
}

/** GraphQL coerces arguments in the order of the schema, so equal calls have equal texts. */
function textOf(args: unknown): string {
  return JSON.stringify(args, (_name, value: unknown) => (typeof value === 'bigint' ? value.toString() : value))
}
