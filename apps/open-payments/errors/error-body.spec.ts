import { DomainError, type ErrorKind } from '@kivuko/platform'
import { NotFoundException } from '@nestjs/common'
import { describe, expect, it } from 'vitest'
import { answerTo } from './error-body.js'

describe('an error told to a wallet', () => {
  const expected = {
    invalid: 400,
    unauthenticated: 401,
    forbidden: 403,
    'not-found': 404,
    conflict: 409,
    duplicate: 409,
    limited: 429,
    unavailable: 503,
  } satisfies Record<ErrorKind, number>

  for (const kind of [
    'invalid',
    'unauthenticated',
    'forbidden',
    'not-found',
    'conflict',
    'duplicate',
    'limited',
  ] as const) {
    it(`has status ${expected[kind]} when it is ${kind}`, () => {
      expect(answerTo(new DomainError(kind, 'SomeReason', 'what to do'))).toEqual({
        status: expected[kind],
        body: { error: { code: `${expected[kind]}`, description: 'what to do', details: { reason: 'SomeReason' } } },
      })
    })
  }

  it('does not say what was not available, only that it may be later', () => {
    const cause = new DomainError('unavailable', 'ReceiverUnavailable', 'connect ECONNREFUSED 10.0.0.1:5432', {
      port: 5432,
    })
    expect(answerTo(cause)).toEqual({
      status: expected.unavailable,
      body: {
        error: {
          code: '503',
          description: 'Not available at the moment, try again later',
          details: { reason: 'ReceiverUnavailable' },
        },
      },
    })
  })

  it('says exactly what wallets compare with', () => {
    const told = answerTo(new DomainError('invalid', 'InvalidReceiver', 'it is completed'))
    expect(told.body.error.description).toBe('invalid receiver')
    expect(told.body.error.details).toEqual({ reason: 'InvalidReceiver', explanation: 'it is completed' })
    expect(answerTo(new DomainError('forbidden', 'BeyondGrant', 'too much'))).toMatchObject({
      status: 403,
      body: { error: { description: 'unauthorized', details: { explanation: 'too much' } } },
    })
  })

  it('carries details, amounts as text', () => {
    const details = { minSendAmount: { value: 5n, assetCode: 'USD', assetScale: 2 } }
    expect(answerTo(new DomainError('invalid', 'NonPositiveReceiveAmount', 'x', details)).body.error.details).toEqual({
      reason: 'NonPositiveReceiveAmount',
      minSendAmount: { value: '5', assetCode: 'USD', assetScale: 2 },
    })
  })

  it('says what is wrong with a request that reached no room', () => {
    expect(answerTo(new NotFoundException('Cannot POST /x'))).toMatchObject({ status: 404 })
    expect(answerTo(Object.assign(new Error('Request body is too large'), { statusCode: 413 }))).toEqual({
      status: 413,
      body: { error: { code: '413', description: 'Request body is too large' } },
    })
  })

  it('says nothing of what is internal', () => {
    const told = { status: 500, body: { error: { code: '500', description: 'Internal server error' } } }
    expect(answerTo(new Error('relation "quotes" does not exist'))).toEqual(told)
    expect(answerTo(Object.assign(new Error('pool is gone'), { statusCode: 500 }))).toEqual(told)
    expect(answerTo(undefined)).toEqual(told)
  })
})
