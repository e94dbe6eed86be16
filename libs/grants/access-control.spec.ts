import { ManualClock } from '@kivuko/platform'
import { describe, expect, it } from 'vitest'
import { AccessControl, type AccessControlParts } from './access-control.js'
import { ClientKeys } from './client-keys/client-keys.js'
import { DevelopmentToken } from './development-token.js'
import { type Introspection, TokenIntrospection } from './introspection/token-introspection.js'
import { SIGNED_AT, signedRequest, TEST_JWK } from './testing/signing-client.js'

const tenantId = '11111111-1111-4111-8111-111111111111'
const known: Introspection = {
  access: { tenantId, client: 'urn:client', grantId: 'grant', rights: [{ type: 'quote', actions: ['create'] }] },
  identity: { jwk: TEST_JWK },
}

/** Knows the token "token". */
class OneToken extends TokenIntrospection {
  async introspect(token: string): Promise<Introspection | undefined> {
    return token === 'token' ? known : undefined
  }
}

function control(changes: Partial<AccessControlParts> = {}): AccessControl {
  const clock = new ManualClock(SIGNED_AT * 1_000)
  return new AccessControl({
    developmentToken: new DevelopmentToken('let-me-in', tenantId),
    introspection: new OneToken(),
    clientKeys: new ClientKeys(() => Promise.reject(new Error('nothing is fetched here')), clock),
    signatureWindow: { maxAgeSeconds: 300, maxSkewSeconds: 60 },
    clock,
    ...changes,
  })
}

const bearing = (...authorization: string[]) => ({
  method: 'GET',
  targetUris: ['https://bank.example/quotes/1'],
  rawHeaders: authorization.flatMap((value) => ['authorization', value]),
  body: Buffer.alloc(0),
})

describe('AccessControl', () => {
  it('knows a token that its client uses', async () => {
    expect(await control().authenticate(signedRequest())).toEqual(known.access)
  })

  it('refuses a token that somebody else uses', async () => {
    await expect(control().authenticate(bearing('GNAP token'))).rejects.toMatchObject({
      kind: 'unauthenticated',
      reason: 'InvalidSignature',
      message: 'Signature validation error: the header signature-input is missing',
    })
  })

  it('knows the development token, whatever the case of the scheme, without a signature', async () => {
    expect((await control().authenticate(bearing('GNAP let-me-in'))).tenantId).toBe(tenantId)
    expect((await control().authenticate(bearing('gnap let-me-in'))).tenantId).toBe(tenantId)
  })

  it.each([
    [],
    [''],
    ['let-me-in'],
    ['Bearer let-me-in'],
    ['GNAP'],
    ['GNAP '],
    ['GNAP let me in'],
    [`GNAP ${'x'.repeat(2_049)}`],
    ['GNAP let-me-in', 'GNAP let-me-in'],
  ])('finds no token in %j', async (...authorization) => {
    await expect(control().authenticate(bearing(...authorization))).rejects.toMatchObject({
      kind: 'unauthenticated',
      reason: 'MissingToken',
    })
  })

  it('accepts no token at all where neither an authorization server nor a development token is set', async () => {
    const closed = control({ introspection: undefined, developmentToken: new DevelopmentToken(undefined, tenantId) })
    const invalid = { kind: 'unauthenticated', reason: 'InvalidToken', message: 'Invalid Token' }
    await expect(closed.authenticate(signedRequest())).rejects.toMatchObject(invalid)
    await expect(closed.authenticate(bearing('GNAP let-me-in'))).rejects.toMatchObject(invalid)
    await expect(closed.authenticate(bearing('GNAP undefined'))).rejects.toMatchObject(invalid)
  })

  it('recognizes a token without its client', async () => {
    await expect(control().recognize('GNAP token')).resolves.toBeUndefined()
    await expect(control().recognize('GNAP let-me-in')).resolves.toBeUndefined()
    await expect(control().recognize('GNAP other')).rejects.toMatchObject({ reason: 'InvalidToken' })
    await expect(control().recognize(undefined)).rejects.toMatchObject({ reason: 'MissingToken' })
  })
})
