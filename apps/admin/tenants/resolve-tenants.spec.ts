import type { Tenant } from '@kivuko/tenants'
import { buildSchema, execute, parse } from 'graphql'
import { describe, expect, it } from 'vitest'
import { resolveTenants } from './resolve-tenants.js'

const bank: Tenant = {
  id: 'b',
  email: null,
  publicName: 'The Bank',
  apiSecret: 'secret of the bank',
  idpConsentUrl: null,
  idpSecret: null,
  webhookSecrets: { current: 'signs webhooks' },
  settings: { ilpAddress: 'test.node.b', hasOwnWebhookUrl: false, webhookTimeoutMs: 2_000 },
  ownSettings: new Map(),
  createdAt: new Date(Date.UTC(2030, 0, 1)),
  deletedAt: null,
}

describe('the tenant of a row', () => {
  it('is found by the row’s tenantId, on every type that has one', async () => {
    const schema = buildSchema(`
      type Query { asset: Asset peer: Peer lost: Peer }
      type Asset { id: ID! tenant: Tenant }
      type Peer { tenant: Tenant }
      type Tenant { id: ID! publicName: String createdAt: String! }
    `)
    resolveTenants(schema, { get: async (id) => (id === 'b' ? bank : undefined) })
    const document = parse(
      '{ asset { id tenant { id publicName createdAt } } peer { tenant { id } } lost { tenant { id } } }',
    )
    const rootValue = { asset: { id: '1', tenantId: 'b' }, peer: { tenantId: 'b' }, lost: { tenantId: 'gone' } }
    const { data, errors } = await execute({ schema, document, rootValue })
    expect(errors).toBeUndefined()
    expect(JSON.parse(JSON.stringify(data))).toEqual({
      asset: { id: '1', tenant: { id: 'b', publicName: 'The Bank', createdAt: '2030-01-01T00:00:00.000Z' } },
      peer: { tenant: { id: 'b' } },
      lost: { tenant: null },
    })
  })
})
