import { isUuid } from '@kivuko/assets'
import type { AccessType } from '@kivuko/grants'
import { IncomingPaymentsService } from '@kivuko/incoming-payments'
import { OutgoingPaymentsService } from '@kivuko/outgoing-payments'
import { DomainError } from '@kivuko/platform'
import { QuotesService } from '@kivuko/quotes'
import { WalletAddressesService } from '@kivuko/wallet-addresses'
import { Injectable } from '@nestjs/common'
import type { FastifyRequest } from 'fastify'

/** What the routes of the resource server have in their URL and body. */
export interface RoutedRequest {
  Params: { tenantId?: string; id?: string }
  Querystring: { 'wallet-address'?: unknown }
  Body: unknown
}

// No wallet address is longer (bodies/fields.ts), and the authorization server is not sent what a stranger makes up.
const MAX_LENGTH = 2_048

/** Whose resources a request touches: a token may be bound to one wallet address. */
@Injectable()
export class AskedWalletAddress {
  constructor(
    private readonly incomingPayments: IncomingPaymentsService,
    private readonly quotes: QuotesService,
    private readonly outgoingPayments: OutgoingPaymentsService,
    private readonly walletAddresses: WalletAddressesService,
  ) {}

  /** Undefined where there is no such resource, and where none is named: then there is nothing to be protected. */
  async of(request: FastifyRequest<RoutedRequest>, type: AccessType): Promise<string | undefined> {
    const { tenantId = '', id } = request.params
    if (id !== undefined) return isUuid(tenantId) ? this.ofResource(type, tenantId, id) : undefined
    const named = request.method === 'POST' ? walletAddressIn(request.body) : request.query['wallet-address']
    return typeof named === 'string' && named.length <= MAX_LENGTH ? named : undefined
  }

  private async ofResource(type: AccessType, tenantId: string, id: string): Promise<string | undefined> {
    try {
      const { walletAddressId } = await this.find(type, tenantId, id)
      return (await this.walletAddresses.get(tenantId, walletAddressId)).address
    } catch (error) {
      if (error instanceof DomainError && error.kind === 'not-found') return undefined
      throw error
    }
  }

  private find(type: AccessType, tenantId: string, id: string): Promise<{ readonly walletAddressId: string }> {
    if (type === 'quote') return this.quotes.get(tenantId, id)
    if (type === 'incoming-payment') return this.incomingPayments.get(tenantId, id)
    return this.outgoingPayments.get(tenantId, id)
  }
}

function walletAddressIn(body: unknown): unknown {
  return typeof body === 'object' && body !== null && 'walletAddress' in body ? body.walletAddress : undefined
}
