import { randomBytes, randomUUID } from 'node:crypto'
import { join } from 'node:path'

/** A bank of the playground with its node: two processes, the ports they listen on, the secrets they share. */
export interface Institution {
  readonly slug: string
  readonly name: string
  readonly ilpAddress: string
  readonly folder: string
  readonly tenantId: string
  readonly adminSecret: string
  readonly webhookSecret: string
  readonly bankUrl: string
  readonly adminUrl: string
  readonly connectorUrl: string
  readonly openPaymentsUrl: string
}

export const PORTS_PER_INSTITUTION = 4

/** Fresh secrets and identities; `ports` are four free ones. */
export function planInstitution(slug: string, name: string, folder: string, ports: readonly number[]): Institution {
  const [bank, admin, connector, openPayments] = ports
  return {
    slug,
    name,
    ilpAddress: `test.${slug}`,
    folder: join(folder, slug),
    tenantId: randomUUID(),
    adminSecret: randomBytes(32).toString('base64'),
    webhookSecret: randomBytes(32).toString('base64'),
    bankUrl: `http://127.0.0.1:${bank}`,
    adminUrl: `http://127.0.0.1:${admin}/graphql`,
    connectorUrl: `http://127.0.0.1:${connector}`,
    openPaymentsUrl: `http://127.0.0.1:${openPayments}`,
  }
}
