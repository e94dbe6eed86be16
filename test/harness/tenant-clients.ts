import { randomUUID } from 'node:crypto'
import { z } from 'zod'
import { AdminClient } from './admin-client.js'
import type { TestNode } from './node.js'

export interface TestTenant {
  readonly id: string
  readonly apiSecret: string
  /** Signs with the tenant's own secret. */
  readonly client: AdminClient
}

const created = z.object({ createTenant: z.object({ tenant: z.object({ id: z.string() }) }) })

/** A tenant as the operator makes one at the admin door. */
export async function createTenant(node: TestNode, settings: Record<string, string> = {}): Promise<TestTenant> {
  const apiSecret = `secret-${randomUUID()}`
  const input = { apiSecret, settings: Object.entries(settings).map(([key, value]) => ({ key, value })) }
  const query = 'mutation ($input: CreateTenantInput!) { createTenant(input: $input) { tenant { id } } }'
  const { createTenant: answer } = await node.admin.client.request(query, { input }, created)
  const { id } = answer.tenant
  return { id, apiSecret, client: new AdminClient({ url: node.adminUrl, secret: apiSecret, tenantId: id }) }
}
