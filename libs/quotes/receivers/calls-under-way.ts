import { tooManyCalls } from '../errors.js'

/** Far more than a tenant's payments wait for at once; so slow a server is asked no more for it. */
export const MAX_CALLS_PER_TENANT = 100

/** Counts what each tenant waits for at other servers, in this process, and refuses at once what would be too much. */
export class CallsUnderWay {
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
