import { createHmac } from 'node:crypto'
import { StreamServer } from '@interledger/stream-receiver'
import type { Config } from '@kivuko/platform'

const UUID_SEGMENT = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/

// @interledger/stream-receiver's token without receipts: IV and tag of its encryption, flags, a uuid and its length, the
// length of the asset's code, its scale.
const TOKEN_BYTES = 12 + 16 + 1 + 37 + 1 + 1

/** What an ILP address of ours says: whose it is, and which resource the money is for. */
export interface PaymentTag {
  readonly tenantId: string
  readonly tag: string
}

/**
 * One STREAM server per tenant: the operator's at the node's ILP address, another tenant's one segment (its id) below it.
 * Each has a secret of its own, so that a token of one tenant means nothing under another's address.
 */
export class StreamServers {
  private readonly servers = new Map<string, StreamServer>()

  constructor(
    private readonly config: Pick<Config, 'ilpAddress' | 'operatorTenantId'>,
    private readonly streamSecret: Buffer,
  ) {}

  of(tenantId: string): StreamServer {
    const known = this.servers.get(tenantId)
    if (known !== undefined) return known
    const server = this.create(tenantId)
    this.servers.set(tenantId, server)
    return server
  }

  /** Undefined when the address is not below ours, or its token is not one that we gave out. */
  read(destination: string): PaymentTag | undefined {
    const prefix = `${this.config.ilpAddress}.`
    if (!destination.startsWith(prefix)) return undefined
    const [first = ''] = destination.slice(prefix.length).split('.', 1)
    const tenantId = UUID_SEGMENT.test(first) ? first : this.config.operatorTenantId
    // A made-up tenant id opens no server for good: only an authentic token shows that the tenant is real.
    const server = this.servers.get(tenantId) ?? this.create(tenantId)
    const tag = server.decodePaymentTag(destination)
    if (!tag) return undefined
    this.servers.set(tenantId, server)
    return { tenantId, tag }
  }

  /** Whether the sender of these packets wants receipts: the address of one who does carries a nonce and a secret. */
  hasReceipts(destination: string, tenantId: string, assetCode: string): boolean {
    const [token = ''] = destination.slice(this.addressOf(tenantId).length + 1).split('.', 1)
    return Buffer.byteLength(token, 'base64url') > TOKEN_BYTES + Buffer.byteLength(assetCode)
  }

  /** Below which the tenant's STREAM addresses lie. */
  addressOf(tenantId: string): string {
    const { ilpAddress, operatorTenantId } = this.config
    return tenantId === operatorTenantId ? ilpAddress : `${ilpAddress}.${tenantId}`
  }

  private create(tenantId: string): StreamServer {
    const serverAddress = this.addressOf(tenantId)
    const serverSecret =
      tenantId === this.config.operatorTenantId
        ? this.streamSecret
        : createHmac('sha256', this.streamSecret).update(tenantId).digest()
    return new StreamServer({ serverAddress, serverSecret })
  }
}
