import { type Quote, QuotesService } from '@kivuko/quotes'
import { WalletAddressesService } from '@kivuko/wallet-addresses'
import { Body, Controller, Get, Param, Post } from '@nestjs/common'
import { anotherClients, CurrentGrantee, type Grantee, mayRead } from '../access/grantee.js'
import { Requires } from '../access/requirement.js'
import { Addresses } from '../addresses.js'
import { parseRequest } from '../bodies/parse-request.js'
import { requiredWalletAddress } from '../wallet-addresses/required-wallet-address.js'
import { CreateQuote } from './quote.bodies.js'
import { quoteView } from './quote.view.js'

@Controller(':tenantId/quotes')
export class QuotesController {
  constructor(
    private readonly quotes: QuotesService,
    private readonly walletAddresses: WalletAddressesService,
    private readonly addresses: Addresses,
  ) {}

  @Post()
  @Requires({ type: 'quote', action: 'create' })
  async create(@Param('tenantId') tenantId: string, @CurrentGrantee() { client }: Grantee, @Body() unchecked: unknown) {
    const { walletAddress: url, receiver, debitAmount, receiveAmount } = parseRequest(CreateQuote, unchecked)
    const { id: walletAddressId } = await requiredWalletAddress(this.walletAddresses, tenantId, url)
    const amounts = { debitAmount, receiveAmount }
    return this.view(await this.quotes.create({ tenantId, client, walletAddressId, receiver, ...amounts }))
  }

  @Get(':id')
  @Requires({ type: 'quote', action: 'read' })
  async read(@Param('tenantId') tenantId: string, @Param('id') id: string, @CurrentGrantee() grantee: Grantee) {
    const quote = await this.quotes.get(tenantId, id)
    if (!mayRead(grantee, quote.client)) throw anotherClients('quote', id)
    return this.view(quote)
  }

  private async view(quote: Quote) {
    const { address, asset } = await this.walletAddresses.get(quote.tenantId, quote.walletAddressId)
    return quoteView(quote, address, asset, this.addresses)
  }
}
