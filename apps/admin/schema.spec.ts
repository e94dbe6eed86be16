import { buildSchema, getNamedType, isInputObjectType, isObjectType, parse, specifiedRules, validate } from 'graphql'
import { describe, expect, it } from 'vitest'
import { introspectionRules } from './introspection.js'
import { documentLimits, limitDocument } from './limits/limit-document.js'
import { OUTBOUND_FIELDS } from './limits/outbound-fields.js'
import { readSchema } from './schema.js'

const schema = buildSchema(readSchema())

function refusals(text: string, nodeEnv: 'production' | 'development'): string[] {
  const rules = [...specifiedRules, limitDocument(documentLimits), ...introspectionRules({ nodeEnv })]
  return validate(schema, parse(text), rules).map(({ message }) => message)
}

describe('the schema', () => {
  it('is told in development only', () => {
    const question = '{ __schema { types { name fields { name args { name type { name ofType { name } } } } } } }'
    expect(refusals(question, 'development')).toEqual([])
    expect(refusals(question, 'production').join()).toContain('introspection')
  })

  it('takes an idempotency key on every mutation but the one without an input, which cannot happen twice', () => {
    const mutations = Object.values(schema.getMutationType()?.getFields() ?? {})
    const keyless = mutations.filter(({ args }) => {
      const input = args[0] && getNamedType(args[0].type)
      return !isInputObjectType(input) || !('idempotencyKey' in input.getFields())
    })
    expect(keyless.map(({ name }) => name)).toEqual(['deleteTenant'])
  })

  it('has each field that is counted as calling other servers', () => {
    for (const name of OUTBOUND_FIELDS) {
      const [type = '', field = ''] = name.split('.')
      const parent = schema.getType(type)
      expect(isObjectType(parent) && parent.getFields()[field], name).toBeTruthy()
    }
  })

  it('pages every connection', () => {
    for (const type of Object.values(schema.getTypeMap()).filter(isObjectType)) {
      for (const field of Object.values(type.getFields())) {
        const isPaged = isObjectType(getNamedType(field.type)) && /edges/.test(fieldsOf(field.type))
        if (isPaged)
          expect(
            field.args.map(({ name }) => name),
            `${type.name}.${field.name}`,
          ).toContain('first')
      }
    }
  })
})

describe('a document of a Rafiki client', () => {
  it('asks for a wallet address with all its payments', () => {
    const amount = '{ value assetCode assetScale }'
    const page = 'pageInfo { endCursor hasNextPage hasPreviousPage startCursor }'
    const text = `query WalletAddress($id: String!) { walletAddress(id: $id) {
      incomingPayments { edges { node { id state expiresAt incomingAmount { value } receivedAmount ${amount} metadata createdAt } cursor } ${page} }
      outgoingPayments { edges { node { id state error debitAmount ${amount} receiveAmount ${amount} receiver metadata sentAmount ${amount} createdAt } cursor } ${page} }
    } }`
    expect(refusals(text, 'production')).toEqual([])
  })

  it('funds a payment by the event that asked for it', () => {
    const text =
      'mutation ($eventId: String!, $key: String!) { depositEventLiquidity(input: { eventId: $eventId, idempotencyKey: $key }) { success } }'
    expect(refusals(text, 'production')).toEqual([])
  })
})

function fieldsOf(type: Parameters<typeof getNamedType>[0]): string {
  const named = getNamedType(type)
  return isObjectType(named) ? Object.keys(named.getFields()).join() : ''
}
