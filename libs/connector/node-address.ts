import { schemeOf } from '@kivuko/ilp'

/** Where this node is in the Interledger: its own address, and one below it for each tenant but the operator's. */
export class NodeAddress {
  private readonly network: Network
  private readonly ownPrefix: string

  constructor(
    readonly own: string,
    private readonly operatorTenantId: string,
  ) {
    this.network = networkOf(schemeOf(own))
    this.ownPrefix = `${own}.`
  }

  ofTenant(tenantId: string): string {
    return tenantId === this.operatorTenantId ? this.own : `${this.own}.${tenantId}`
  }

  /** The node itself, or the tenant of it that a packet's source belongs to. */
  isNode(destination: string, tenantId: string): boolean {
    return destination === this.own || (this.covers(destination) && destination === this.ofTenant(tenantId))
  }

  /** Below our own address: one of our accounts, or of our tenants'. */
  covers(destination: string): boolean {
    return destination.startsWith(this.ownPrefix)
  }

  /** RFC 34: a node is on the live or on a test network, and rejects the other's packets. */
  isOnOtherNetwork(destination: string): boolean {
    const network = networkOf(schemeOf(destination))
    return network !== 'none' && this.network !== 'none' && network !== this.network
  }
}

type Network = 'live' | 'test' | 'none'

function networkOf(scheme: string): Network {
  if (scheme === 'g') return 'live'
  return scheme.startsWith('test') ? 'test' : 'none'
}
