import { readdirSync, readFileSync } from 'node:fs'
import {
  buildSchema,
  type GraphQLArgument,
  type GraphQLField,
  type GraphQLInputField,
  type GraphQLNamedType,
  isEnumType,
  isInputObjectType,
  isObjectType,
  isRequiredArgument,
  isRequiredInputField,
  isSpecifiedScalarType,
  parse,
  validate,
} from 'graphql'
import { expect, it } from 'vitest'
import { fullDocument, rafikiOperations, rafikiSchema } from '../../harness/rafiki-client.js'

const folder = new URL('../../../apps/admin/schema/', import.meta.url)
const own = buildSchema(
  readdirSync(folder)
    .map((name) => readFileSync(new URL(name, folder), 'utf8'))
    .join('\n'),
)
const rafiki = rafikiSchema()

// Rafiki's cannot name a ledger above 255.
const WIDER = ['AccountingTransfer.ledger']

/** What a client of Rafiki would miss, or find otherwise. */
function lacks(theirs: GraphQLNamedType): string[] {
  const ours = own.getType(theirs.name)
  if (ours === undefined) return [theirs.name]
  if (isEnumType(theirs) && isEnumType(ours)) {
    const values = new Set(ours.getValues().map(({ name }) => name))
    return theirs.getValues().flatMap(({ name }) => (values.has(name) ? [] : [`${theirs.name}.${name}`]))
  }
  if (isObjectType(theirs) && isObjectType(ours)) {
    const fields = ours.getFields()
    return Object.values(theirs.getFields()).flatMap((field) => lacksOutput(theirs.name, field, fields[field.name]))
  }
  if (isInputObjectType(theirs) && isInputObjectType(ours)) {
    const fields = Object.values(ours.getFields())
    const asked = fields.filter((field) => isRequiredInputField(field) && !(field.name in theirs.getFields()))
    const missing = Object.values(theirs.getFields()).flatMap((field) =>
      lacksInput(theirs.name, field, ours.getFields()[field.name]),
    )
    return [...missing, ...asked.map(({ name }) => `${theirs.name}.${name} is asked for`)]
  }
  return ours.constructor === theirs.constructor ? [] : [theirs.name]
}

function lacksOutput(
  type: string,
  theirs: GraphQLField<unknown, unknown>,
  ours: GraphQLField<unknown, unknown> | undefined,
): string[] {
  const name = `${type}.${theirs.name}`
  if (ours === undefined) return [name]
  const isSame = [`${theirs.type}`, `${theirs.type}!`].includes(`${ours.type}`) || WIDER.includes(name)
  const args = theirs.args.flatMap((arg) => {
    return lacksInput(
      name,
      arg,
      ours.args.find((other) => other.name === arg.name),
    )
  })
  const asked = ours.args.filter((arg) => isRequiredArgument(arg) && !theirs.args.some(({ name }) => name === arg.name))
  return [...(isSame ? [] : [`${name} is ${ours.type}`]), ...args, ...asked.map((arg) => `${name}(${arg.name})`)]
}

/** What is asked of a client may be less than Rafiki asks, never more. */
function lacksInput(
  type: string,
  theirs: GraphQLArgument | GraphQLInputField,
  ours: GraphQLArgument | GraphQLInputField | undefined,
): string[] {
  if (ours === undefined) return [`${type}.${theirs.name}`]
  const isTaken = [`${theirs.type}`, `${theirs.type}`.replace(/!$/, '')].includes(`${ours.type}`)
  return isTaken ? [] : [`${type}.${theirs.name} takes ${ours.type}`]
}

it('the admin API has what Rafiki’s has, with the same names and types', () => {
  const types = Object.values(rafiki.getTypeMap()).filter(
    (type) => !type.name.startsWith('__') && !isSpecifiedScalarType(type),
  )
  expect(types.length).toBeGreaterThan(100)
  expect(types.flatMap(lacks)).toEqual([])
})

it('a document of each operation that asks for everything is valid', () => {
  const operations = [...rafikiOperations(rafiki).values()]
  expect(operations.length).toBe(59)
  for (const operation of operations) {
    expect(validate(own, parse(fullDocument(operation))), operation.name).toEqual([])
  }
})

it('what this node does not do has no operation that would do nothing', () => {
  const mutations = own.getMutationType()?.getFields() ?? {}
  const absent = ['createOrUpdatePeerByUrl', 'confirmPartialIncomingPayment', 'rejectPartialIncomingPayment']
  expect(absent.filter((name) => name in mutations)).toEqual([])
})
