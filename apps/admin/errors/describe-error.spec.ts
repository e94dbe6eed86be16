import { DomainError, type ErrorKind } from '@kivuko/platform'
import { GraphQLError } from 'graphql'
import { describe, expect, it } from 'vitest'
import { describeError } from './describe-error.js'

describe('an error told to the operator', () => {
  const codes = {
    invalid: 'BAD_USER_INPUT',
    unauthenticated: 'UNAUTHENTICATED',
    forbidden: 'FORBIDDEN',
    'not-found': 'NOT_FOUND',
    conflict: 'CONFLICT',
    duplicate: 'DUPLICATE',
    limited: 'TOO_MANY_REQUESTS',
    unavailable: 'UNAVAILABLE',
  } satisfies Record<ErrorKind, string>

  for (const kind of [
    'invalid',
    'unauthenticated',
    'forbidden',
    'not-found',
    'conflict',
    'duplicate',
    'limited',
    'unavailable',
  ] as const) {
    it(`has the code ${codes[kind]} when it is ${kind}`, () => {
      expect(describeError(new DomainError(kind, 'SomeReason', 'what to do'))).toEqual({
        message: 'what to do',
        extensions: { code: codes[kind], reason: 'SomeReason' },
        internal: false,
      })
    })
  }

  it('carries details, amounts as text', () => {
    const details = { minSendAmount: { value: 2n ** 64n - 1n, assetCode: 'USD', assetScale: 2 } }
    const { extensions } = describeError(new DomainError('invalid', 'NonPositiveReceiveAmount', 'too little', details))
    expect(extensions.details).toEqual({
      minSendAmount: { value: '18446744073709551615', assetCode: 'USD', assetScale: 2 },
    })
  })

  it('is found however often GraphQL has wrapped it', () => {
    const cause = new DomainError('not-found', 'UnknownPeer', 'no such peer')
    const wrapped = new GraphQLError('no such peer', { originalError: new GraphQLError('x', { originalError: cause }) })
    expect(describeError(wrapped).extensions.code).toBe('NOT_FOUND')
  })

  it('says what is wrong with a document, a variable or a body', () => {
    const code = (error: Error) => describeError(error).extensions.code
    expect(code(new GraphQLError('Syntax Error: Unexpected "}".'))).toBe('GRAPHQL_PARSE_FAILED')
    expect(code(new GraphQLError('Cannot query field "x" on type "Query".'))).toBe('GRAPHQL_VALIDATION_FAILED')
    expect(code(new GraphQLError('Variable "$input" got invalid value -1 at "input.scale"; …'))).toBe('BAD_USER_INPUT')
    expect(code(new GraphQLError('Variable "$id" of required type "String!" was not provided.'))).toBe('BAD_USER_INPUT')
    expect(code(Object.assign(new Error('Body is not valid JSON'), { statusCode: 400 }))).toBe('BAD_USER_INPUT')
  })

  it('does not send back all of a value that is wrong', () => {
    const { message } = describeError(new GraphQLError(`Variable "$input" got invalid value "${'x'.repeat(100_000)}"`))
    expect(message).toMatch(/^Variable "\$input" got invalid value "x+…$/)
    expect(message.length).toBeLessThanOrEqual(1_001)
  })

  it('says nothing of what is internal', () => {
    const told = { message: 'Internal server error', extensions: { code: 'INTERNAL_SERVER_ERROR' }, internal: true }
    expect(describeError(new Error('relation "assets" does not exist'))).toEqual(told)
    expect(describeError(Object.assign(new Error('pool is gone'), { statusCode: 500 }))).toEqual(told)
    expect(describeError('thrown text')).toEqual(told)
    expect(describeError(new GraphQLError('secret', { originalError: new Error('secret') }))).toEqual(told)
  })
})
