import { AssetsService } from '@kivuko/assets'
import { IncomingPaymentsService } from '@kivuko/incoming-payments'
import { OutgoingPaymentsService } from '@kivuko/outgoing-payments'
import { QuotesService } from '@kivuko/quotes'
import { WalletAddressKeysService } from '@kivuko/wallet-addresses'
import { Args, Context, Parent, ResolveField, Resolver } from '@nestjs/graphql'
import { chosenInitiators } from '../incoming-payments/chosen-initiators.js'
import { incomingPaymentView } from '../incoming-payments/incoming-payment.view.js'
import type { Loaders } from '../loaders.js'
import { outgoingPaymentView } from '../outgoing-payments/outgoing-payment.view.js'
import { connectionOf } from '../pages/connection.js'
import { emptyPage, type Filtered } from '../pages/filters.js'
import type { PageArguments } from '../pages/list-arguments.js'
import { quoteView } from '../quotes/quote.view.js'
import type { WalletAddressView as Row } from './wallet-address.view.js'
import { walletAddressKeyView } from './wallet-address-key.view.js'

@Resolver('WalletAddress')
export class WalletAddressFieldsResolver {
  constructor(
    private readonly assets: AssetsService,
    private readonly incoming: IncomingPaymentsService,
    private readonly outgoing: OutgoingPaymentsService,
    private readonly quotesService: QuotesService,
    private readonly keys: WalletAddressKeysService,
  ) {}

  @ResolveField()
  async liquidity(@Parent() { id }: Row, @Context('loaders') loaders: Loaders) {
    return (await loaders.liquidity.load(id)) ?? 0n
  }

  @ResolveField()
  async walletAddressKeys(@Parent() { id }: Row, @Args() page: PageArguments, @Context('loaders') loaders: Loaders) {
    const found = await loaders.walletAddressKeys.load(id, page, (ids) => this.keys.listOf(ids, page))
    return connectionOf(found, walletAddressKeyView)
  }

  @ResolveField()
  async incomingPayments(
    @Parent() { id }: Row,
    @Args() { filter, ...page }: PageArguments & Filtered<'initiatedBy'>,
    @Context('loaders') loaders: Loaders,
  ) {
    const chosen = chosenInitiators(filter)
    if (chosen === 'none') return connectionOf(emptyPage, (nothing) => nothing)
    const initiatedBy = chosen === 'any' ? undefined : chosen
    const found = await loaders.incomingPayments.load(id, { ...page, initiatedBy }, (walletAddressIds) =>
      this.incoming.listOf({ walletAddressIds, initiatedBy }, page),
    )
    return connectionOf(found, (payment) => incomingPaymentView(payment, this.incoming))
  }

  @ResolveField()
  async outgoingPayments(@Parent() { id }: Row, @Args() page: PageArguments, @Context('loaders') loaders: Loaders) {
    const found = await loaders.outgoingPayments.load(id, page, (ids) => this.outgoing.listOf(ids, page))
    return connectionOf(found, (payment) => outgoingPaymentView(payment, this.assets))
  }

  @ResolveField()
  async quotes(@Parent() { id }: Row, @Args() page: PageArguments, @Context('loaders') loaders: Loaders) {
    const found = await loaders.quotes.load(id, page, (ids) => this.quotesService.listOf(ids, page))
    return connectionOf(found, (quote) => quoteView(quote, this.assets))
  }
}
