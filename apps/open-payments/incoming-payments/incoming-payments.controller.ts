import { type IncomingPayment, IncomingPaymentsService } from '@kivuko/incoming-payments'
import { WalletAddressesService } from '@kivuko/wallet-addresses'
import { Body, Controller, Get, Header, HttpCode, Param, Post, Query } from '@nestjs/common'
import { anotherClients, CurrentGrantee, type Grantee, mayRead, onlyOf } from '../access/grantee.js'
import { Requires } from '../access/requirement.js'
import { Addresses } from '../addresses.js'
import { amountIn } from '../bodies/amount-in.js'
import { pageView } from '../bodies/page.view.js'
import { parseListQuery } from '../bodies/page-query.js'
import { parseRequest } from '../bodies/parse-request.js'
import { requiredWalletAddress } from '../wallet-addresses/required-wallet-address.js'
import { CreateIncomingPayment } from './incoming-payment.bodies.js'
import {
  type IncomingPaymentPlace,
  incomingPaymentView,
  incomingPaymentWithMethods,
  publicIncomingPaymentView,
} from './incoming-payment.view.js'

@Controller(':tenantId/incoming-payments')
export class IncomingPaymentsController {
  constructor(
    private readonly payments: IncomingPaymentsService,
    private readonly walletAddresses: WalletAddressesService,
    private readonly addresses: Addresses,
  ) {}

  @Post()
  @Requires({ type: 'incoming-payment', action: 'create' })
  async create(@Param('tenantId') tenantId: string, @CurrentGrantee() { client }: Grantee, @Body() unchecked: unknown) {
    const { walletAddress: url, incomingAmount, ...body } = parseRequest(CreateIncomingPayment, unchecked)
    const walletAddress = await requiredWalletAddress(this.walletAddresses, tenantId, url)
    const payment = await this.payments.create({
      ...body,
      tenantId,
      client,
      walletAddressId: walletAddress.id,
      incomingAmount: amountIn(walletAddress.asset, 'incomingAmount', incomingAmount),
      initiatedBy: 'OPEN_PAYMENTS',
    })
    return this.viewWithMethods(payment, walletAddress.address)
  }

  @Get()
  @Requires({ type: 'incoming-payment', action: 'list' })
  async list(@Param('tenantId') tenantId: string, @CurrentGrantee() grantee: Grantee, @Query() unchecked: unknown) {
    const { walletAddressUrl, page } = parseListQuery(unchecked)
    const { id, address } = await requiredWalletAddress(this.walletAddresses, tenantId, walletAddressUrl)
    const found = await this.payments.list({ tenantId, walletAddressId: id, client: onlyOf(grantee) }, page)
    return pageView(found, (payment) => incomingPaymentView(payment, this.placeOf(payment, address)))
  }

  @Get(':id')
  @Requires({ type: 'incoming-payment', action: 'read', orNoToken: true })
  @Header('Access-Control-Allow-Origin', '*')
  async read(@Param('tenantId') tenantId: string, @Param('id') id: string, @CurrentGrantee() grantee?: Grantee) {
    const payment = await this.payments.asCredited(await this.payments.get(tenantId, id))
    if (!grantee) return this.publicView(payment)
    if (!mayRead(grantee, payment.client)) throw anotherClients('incoming payment', id)
    return this.viewWithMethods(payment, await this.walletAddressOf(payment))
  }

  @Post(':id/complete')
  @HttpCode(200)
  @Requires({ type: 'incoming-payment', action: 'complete' })
  async complete(@Param('tenantId') tenantId: string, @Param('id') id: string, @CurrentGrantee() { client }: Grantee) {
    const { client: madeBy } = await this.payments.get(tenantId, id)
    // There is no right to complete what others made; the operator's own token has no client.
    if (client !== undefined && client !== madeBy) throw anotherClients('incoming payment', id)
    const payment = await this.payments.complete(tenantId, id)
    return incomingPaymentView(payment, this.placeOf(payment, await this.walletAddressOf(payment)))
  }

  private viewWithMethods(payment: IncomingPayment, walletAddress: string) {
    const credentials = this.payments.credentials(payment)
    return incomingPaymentWithMethods(payment, this.placeOf(payment, walletAddress), credentials)
  }

  private publicView(payment: IncomingPayment) {
    const authServer = this.addresses.authServer(payment.tenantId)
    return publicIncomingPaymentView(payment, { asset: this.payments.assetOf(payment) }, authServer)
  }

  private placeOf(payment: IncomingPayment, walletAddress: string): IncomingPaymentPlace {
    return { url: this.payments.url(payment), walletAddress, asset: this.payments.assetOf(payment) }
  }

  private async walletAddressOf({ tenantId, walletAddressId }: IncomingPayment): Promise<string> {
    const { address } = await this.walletAddresses.get(tenantId, walletAddressId)
    return address
  }
}
