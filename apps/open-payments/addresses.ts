import type { Config } from '@kivuko/platform'

/** The URLs by which Open Payments names this node's resources. */
export class Addresses {
  constructor(private readonly config: Pick<Config, 'openPaymentsUrl' | 'authServerGrantUrl'>) {}

  /** Base of a tenant's resources, without a slash at the end: clients append `/incoming-payments`. */
  resourceServer(tenantId: string): string {
    return `${this.config.openPaymentsUrl}/${tenantId}`
  }

  /** Where a client asks for a grant: at the authorization server, or where nobody answers while none is set. */
  authServer(tenantId: string): string {
    const { authServerGrantUrl } = this.config
    return authServerGrantUrl ? `${authServerGrantUrl}/${tenantId}` : `${this.resourceServer(tenantId)}/auth`
  }

  quote(tenantId: string, id: string): string {
    return `${this.resourceServer(tenantId)}/quotes/${id}`
  }

  outgoingPayment(tenantId: string, id: string): string {
    return `${this.resourceServer(tenantId)}/outgoing-payments/${id}`
  }

  /** The id of a quote of this tenant; undefined for any other URL. */
  readQuote(tenantId: string, url: string): string | undefined {
    const base = this.quote(tenantId, '')
    return url.startsWith(base) ? url.slice(base.length) : undefined
  }
}
