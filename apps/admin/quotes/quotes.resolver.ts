import { AssetsService } from '@kivuko/assets'
import { QuotesService } from '@kivuko/quotes'
import { WalletAddressesService } from '@kivuko/wallet-addresses'
import { Args, Context, Mutation, Query, Resolver } from '@nestjs/graphql'
import { type Caller, visibleTo } from '../callers/caller.js'
import { parseInput } from '../inputs/parse-input.js'
import { CreateQuote } from './quote.inputs.js'
import { quoteView } from './quote.view.js'

@Resolver()
export class QuotesResolver {
  constructor(
    private readonly quotes: QuotesService,
    private readonly walletAddresses: WalletAddressesService,
    private readonly assets: AssetsService,
  ) {}

  @Query()
  async quote(@Args('id') id: string, @Context('caller') caller: Caller) {
    return quoteView(await this.quotes.get(visibleTo(caller), id), this.assets)
  }

  @Mutation()
  async createQuote(@Args('input') unchecked: unknown, @Context('caller') caller: Caller) {
    const input = parseInput(CreateQuote, unchecked)
    const { tenantId } = await this.walletAddresses.get(visibleTo(caller), input.walletAddressId)
    return { quote: quoteView(await this.quotes.create({ ...input, tenantId }), this.assets) }
  }
}
