import { WalletAddressReceipts } from '@kivuko/incoming-payments'
import { Clock } from '@kivuko/platform'
import { type WalletAddress, WalletAddressesService } from '@kivuko/wallet-addresses'
import { Args, Context, Mutation, Query, Resolver } from '@nestjs/graphql'
import { actingFor, type Caller, listedFor, visibleTo } from '../callers/caller.js'
import { readLimit } from '../inputs/limit.js'
import { parseInput } from '../inputs/parse-input.js'
import { connectionOf } from '../pages/connection.js'
import type { ListArguments } from '../pages/list-arguments.js'
import {
  CreateWalletAddress,
  TriggerWalletAddressEvents,
  UpdateWalletAddress,
  WithdrawWalletAddress,
} from './wallet-address.inputs.js'
import { walletAddressView } from './wallet-address.view.js'

@Resolver()
export class WalletAddressesResolver {
  constructor(
    private readonly walletAddresses: WalletAddressesService,
    private readonly receipts: WalletAddressReceipts,
    private readonly clock: Clock,
  ) {}

  @Query()
  async walletAddress(@Args('id') id: string, @Context('caller') caller: Caller) {
    return this.view(await this.walletAddresses.get(visibleTo(caller), id))
  }

  @Query()
  async walletAddressByUrl(@Args('url') url: string, @Context('caller') caller: Caller) {
    const found = await this.walletAddresses.byUrl(url)
    return found && (caller.isOperator || found.tenantId === caller.tenantId) ? this.view(found) : null
  }

  @Query('walletAddresses')
  async list(@Args() { tenantId, ...page }: ListArguments, @Context('caller') caller: Caller) {
    const found = await this.walletAddresses.list(listedFor(caller, tenantId), page)
    return connectionOf(found, (walletAddress) => this.view(walletAddress))
  }

  @Mutation()
  async createWalletAddress(@Args('input') unchecked: unknown, @Context('caller') caller: Caller) {
    const { tenantId, ...input } = parseInput(CreateWalletAddress, unchecked)
    const walletAddress = await this.walletAddresses.create({ ...input, tenantId: actingFor(caller, tenantId) })
    return { walletAddress: this.view(walletAddress) }
  }

  @Mutation()
  async updateWalletAddress(@Args('input') unchecked: unknown, @Context('caller') caller: Caller) {
    const { id, ...change } = parseInput(UpdateWalletAddress, unchecked)
    return { walletAddress: this.view(await this.walletAddresses.update(visibleTo(caller), id, change)) }
  }

  @Mutation()
  async createWalletAddressWithdrawal(@Args('input') unchecked: unknown, @Context('caller') caller: Caller) {
    const withdrawal = { ...parseInput(WithdrawWalletAddress, unchecked), tenantId: visibleTo(caller) }
    const amount = await this.walletAddresses.withdrawLiquidity(withdrawal)
    const walletAddress = await this.walletAddresses.get(visibleTo(caller), withdrawal.walletAddressId)
    return { withdrawal: { id: withdrawal.id, amount, walletAddress: this.view(walletAddress) } }
  }

  @Mutation()
  async triggerWalletAddressEvents(@Args('input') unchecked: unknown, @Context('caller') caller: Caller) {
    const { limit } = parseInput(TriggerWalletAddressEvents, unchecked)
    return { count: await this.receipts.reportNow(visibleTo(caller), readLimit(limit)) }
  }

  private view(walletAddress: WalletAddress) {
    return walletAddressView(walletAddress, this.clock.nowMs())
  }
}
