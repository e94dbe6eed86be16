import { DomainError, ManualClock } from '@kivuko/platform'
import { describe, expect, it } from 'vitest'
import { Authentication, type Headers, type TenantSecrets } from './authenticate.js'
import { digestOf, type SignedBody } from './signature.js'

const OPERATOR = '438fa74a-fa7d-4317-9ced-dde32ece1787'
const TENANT = 'bc293b79-8609-47bd-b914-6438b470aff8'
const STRANGER = '00000000-0000-4000-8000-000000000000'
const NOW = 1_700_000_000_000
const BODY = { query: '{ whoami { id } }' }

const tenants: TenantSecrets = {
  operatorTenantId: OPERATOR,
  get: async (id) => (id === OPERATOR ? { apiSecret: 'op' } : id === TENANT ? { apiSecret: 'own' } : undefined),
}

function authentication(clock = new ManualClock(NOW)) {
  return new Authentication({ version: 1, ttlSeconds: 30 }, tenants, clock)
}

function signed(tenantId: string, secret: string, body: SignedBody = BODY, atMs = NOW): Headers {
  return { 'tenant-id': tenantId, signature: `t=${atMs}, v1=${digestOf(atMs, body, secret)}` }
}

async function call(door: Authentication, headers: Headers, body: SignedBody = BODY) {
  return door.verify(door.claim(headers), body)
}

async function refusal(answer: Promise<unknown>): Promise<string> {
  const error = await answer.then(
    () => undefined,
    (thrown: unknown) => thrown,
  )
  if (error instanceof DomainError) return `${error.kind}: ${error.message}`
  throw new Error('was not refused')
}

describe('a signed call', () => {
  it('is the operator for the operator and a tenant for a tenant', async () => {
    const door = authentication()
    expect(await call(door, signed(OPERATOR, 'op'))).toEqual({ tenantId: OPERATOR, isOperator: true })
    expect(await call(door, signed(TENANT, 'own'))).toEqual({ tenantId: TENANT, isOperator: false })
  })

  it('needs both headers, once each and well-formed', async () => {
    const door = authentication()
    const good = signed(OPERATOR, 'op')
    expect(await refusal(call(door, {}))).toContain('the header tenant-id must hold the UUID of a tenant')
    expect(await refusal(call(door, { ...good, 'tenant-id': 'operator' }))).toContain('tenant-id')
    expect(await refusal(call(door, { ...good, 'tenant-id': [OPERATOR, TENANT] }))).toContain('tenant-id')
    expect(await refusal(call(door, { 'tenant-id': OPERATOR }))).toContain('the header signature must read')
    expect(await refusal(call(door, { ...good, signature: 'v1=00' }))).toContain('the header signature must read')
  })

  it('tells an unknown tenant, another tenant and a wrong secret alike', async () => {
    const door = authentication()
    const told = await refusal(call(door, signed(STRANGER, 'op')))
    expect(told).toContain('does not fit')
    expect(await refusal(call(door, signed(OPERATOR, 'own')))).toBe(told)
    expect(await refusal(call(door, signed(TENANT, 'op')))).toBe(told)
    expect(await refusal(call(door, signed(OPERATOR, 'op'), { query: '{ whoami { isOperator } }' }))).toBe(told)
  })

  it('is refused with another version, naming the right one', async () => {
    const { signature, ...rest } = signed(OPERATOR, 'op')
    const other = { ...rest, signature: String(signature).replace('v1', 'v2') }
    expect(await refusal(call(authentication(), other))).toContain('must be 1, found 2')
  })

  it('is refused outside the window on either side, saying by how much', async () => {
    const late = await refusal(call(authentication(), signed(OPERATOR, 'op', BODY, NOW - 30_001)))
    const early = await refusal(call(authentication(), signed(OPERATOR, 'op', BODY, NOW + 30_001)))
    expect(late).toContain('-30001 ms off')
    expect(early).toContain('30001 ms off')
  })

  it('is fresh for no process once it is stale', () => {
    const door = authentication()
    const claim = door.claim(signed(OPERATOR, 'op', BODY, NOW + 30_000))
    expect(door.staleAtMs(claim)).toBe(NOW + 90_000)
  })
})
