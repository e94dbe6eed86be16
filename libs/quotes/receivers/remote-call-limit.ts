import { tooManyCalls } from '../errors.js'

/** Far more than a tenant's payments need at once, also where other servers answer slowly. */
export const MAX_CALLS_PER_TENANT = 100

/** Limits the calls to other servers that a tenant has under way in this process; a call beyond the limit is refused at once. */
export class RemoteCallLimit {
  private readonly byTenant = new Map<string, number>()

  async run<Answer>(tenantId: string, call: () => Promise<Answer>): Promise<Answer> {
    const before = this.byTenant.get(tenantId) ?? 0
    if (before >= MAX_CALLS_PER_TENANT) throw tooManyCalls(tenantId, MAX_CALLS_PER_TENANT)
    this.byTenant.set(tenantId, before + 1)
    try {
      return await call()
    } finally {
      this.ended(tenantId)
    }
  }

  private ended(tenantId: string): void {
    const left = (this.byTenant.get(tenantId) ?? 0) - 1
    if (left > 0) this.byTenant.set(tenantId, left)
    else this.byTenant.delete(tenantId)
  }
}
