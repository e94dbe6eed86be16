import { type OutgoingPayment, OutgoingPaymentsService } from '@kivuko/outgoing-payments'
import { DomainError } from '@kivuko/platform'
import { type WalletAddress, WalletAddressesService } from '@kivuko/wallet-addresses'
import { Body, Controller, Get, Param, Post, Query } from '@nestjs/common'
import { anotherClients, CurrentGrantee, type Grantee, mayRead, onlyOf } from '../access/grantee.js'
import { Requires } from '../access/requirement.js'
import { Addresses } from '../addresses.js'
import { pageView } from '../bodies/page.view.js'
import { parseListQuery } from '../bodies/page-query.js'
import { parseRequest } from '../bodies/parse-request.js'
import { requiredWalletAddress } from '../wallet-addresses/required-wallet-address.js'
import { grantSpentView } from './grant-spent.view.js'
import { FromIncomingPayment, FromQuote, isFromQuote } from './outgoing-payment.bodies.js'
import { outgoingPaymentView } from './outgoing-payment.view.js'

@Controller(':tenantId/outgoing-payments')
export class OutgoingPaymentsController {
  constructor(
    private readonly payments: OutgoingPaymentsService,
    private readonly walletAddresses: WalletAddressesService,
    private readonly addresses: Addresses,
  ) {}

  @Post()
  @Requires({ type: 'outgoing-payment', action: 'create' })
  async create(@Param('tenantId') tenantId: string, @CurrentGrantee() grantee: Grantee, @Body() unchecked: unknown) {
    const payment = isFromQuote(unchecked)
      ? await this.createFromQuote(tenantId, grantee, unchecked)
      : await this.createFromIncomingPayment(tenantId, grantee, unchecked)
    return { ...(await this.view(payment)), ...grantSpentView(payment.grantSpent) }
  }

  @Get()
  @Requires({ type: 'outgoing-payment', action: 'list' })
  async list(@Param('tenantId') tenantId: string, @CurrentGrantee() grantee: Grantee, @Query() unchecked: unknown) {
    const { walletAddressUrl, page } = parseListQuery(unchecked)
    const walletAddress = await requiredWalletAddress(this.walletAddresses, tenantId, walletAddressUrl)
    const scope = { tenantId, walletAddressId: walletAddress.id, client: onlyOf(grantee) }
    return pageView(await this.payments.list(scope, page), (payment) => this.viewOf(payment, walletAddress))
  }

  @Get(':id')
  @Requires({ type: 'outgoing-payment', action: 'read' })
  async read(@Param('tenantId') tenantId: string, @Param('id') id: string, @CurrentGrantee() grantee: Grantee) {
    const payment = await this.payments.get(tenantId, id)
    if (!mayRead(grantee, payment.client)) throw anotherClients('outgoing payment', id)
    return this.view(payment)
  }

  private async createFromQuote(tenantId: string, { client, grant }: Grantee, unchecked: unknown) {
    const { walletAddress, quoteId: url, metadata } = parseRequest(FromQuote, unchecked)
    const { id: walletAddressId } = await requiredWalletAddress(this.walletAddresses, tenantId, walletAddress)
    const quoteId = this.addresses.readQuote(tenantId, url)
    if (quoteId === undefined) throw new DomainError('not-found', 'UnknownQuote', `There is no quote ${url} here`)
    const payment = { tenantId, walletAddressId, quoteId, metadata, client, grant }
    return this.payments.create({ ...payment, initiatedBy: 'OPEN_PAYMENTS' })
  }

  private async createFromIncomingPayment(tenantId: string, { client, grant }: Grantee, unchecked: unknown) {
    const { walletAddress, incomingPayment, debitAmount, metadata } = parseRequest(FromIncomingPayment, unchecked)
    const { id: walletAddressId } = await requiredWalletAddress(this.walletAddresses, tenantId, walletAddress)
    const payment = { tenantId, walletAddressId, incomingPayment, debitAmount, metadata, client, grant }
    return this.payments.createFromIncomingPayment({ ...payment, initiatedBy: 'OPEN_PAYMENTS' })
  }

  private async view(payment: OutgoingPayment) {
    return this.viewOf(payment, await this.walletAddresses.get(payment.tenantId, payment.walletAddressId))
  }

  private viewOf(payment: OutgoingPayment, { address, asset }: WalletAddress) {
    return outgoingPaymentView(payment, address, asset, this.addresses)
  }
}
