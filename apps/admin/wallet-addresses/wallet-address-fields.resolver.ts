import { AssetsService } from '@kivuko/assets'
import { IncomingPaymentsService } from '@kivuko/incoming-payments'
import { OutgoingPaymentsService } from '@kivuko/outgoing-payments'
import { QuotesService } from '@kivuko/quotes'
import { WalletAddressKeysService } from '@kivuko/wallet-addresses'
import { Args, Context, Parent, ResolveField, Resolver } from '@nestjs/graphql'
import { type Caller, visibleTo } from '../callers/caller.js'
import { incomingPaymentView } from '../incoming-payments/incoming-payment.view.js'
import { listIncomingPayments } from '../incoming-payments/list-incoming-payments.js'
import type { Loaders } from '../loaders.js'
import { outgoingPaymentView } from '../outgoing-payments/outgoing-payment.view.js'
import { connectionOf } from '../pages/connection.js'
import type { Filtered } from '../pages/filters.js'
import type { PageArguments } from '../pages/list-arguments.js'
import { quoteView } from '../quotes/quote.view.js'
import type { WalletAddressView } from './wallet-address.view.js'
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
  async liquidity(@Parent() { id }: WalletAddressView, @Context('loaders') loaders: Loaders) {
    return (await loaders.liquidity.load(id)) ?? 0n
  }

  @ResolveField()
  async walletAddressKeys(@Parent() { id }: WalletAddressView, @Args() page: PageArguments) {
    return connectionOf(await this.keys.list(id, page), walletAddressKeyView)
  }

  @ResolveField()
  async incomingPayments(
    @Parent() { id }: WalletAddressView,
    @Args() { filter, ...page }: PageArguments & Filtered<'initiatedBy'>,
    @Context('caller') caller: Caller,
  ) {
    const scope = { tenantId: visibleTo(caller), walletAddressId: id }
    return connectionOf(await listIncomingPayments(this.incoming, scope, filter, page), (payment) =>
      incomingPaymentView(payment, this.incoming),
    )
  }

  @ResolveField()
  async outgoingPayments(
    @Parent() { id }: WalletAddressView,
    @Args() page: PageArguments,
    @Context('caller') caller: Caller,
  ) {
    const found = await this.outgoing.list({ tenantId: visibleTo(caller), walletAddressId: id }, page)
    return connectionOf(found, (payment) => outgoingPaymentView(payment, this.assets))
  }

  @ResolveField()
  async quotes(@Parent() { id }: WalletAddressView, @Args() page: PageArguments, @Context('caller') caller: Caller) {
    const found = await this.quotesService.list({ tenantId: visibleTo(caller), walletAddressId: id }, page)
    return connectionOf(found, (quote) => quoteView(quote, this.assets))
  }
}
