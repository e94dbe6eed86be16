import { WalletAddressKeysService } from '@kivuko/wallet-addresses'
import { Args, Context, Mutation, Resolver } from '@nestjs/graphql'
import { type Caller, visibleTo } from '../callers/caller.js'
import { parseInput } from '../inputs/parse-input.js'
import { CreateWalletAddressKey, RevokeWalletAddressKey } from './wallet-address-key.inputs.js'
import { walletAddressKeyView } from './wallet-address-key.view.js'

@Resolver()
export class WalletAddressKeysResolver {
  constructor(private readonly keys: WalletAddressKeysService) {}

  @Mutation()
  async createWalletAddressKey(@Args('input') unchecked: unknown, @Context('caller') caller: Caller) {
    const { walletAddressId, jwk } = parseInput(CreateWalletAddressKey, unchecked)
    const key = await this.keys.create(visibleTo(caller), walletAddressId, jwk)
    return { walletAddressKey: walletAddressKeyView(key) }
  }

  @Mutation()
  async revokeWalletAddressKey(@Args('input') unchecked: unknown, @Context('caller') caller: Caller) {
    const { id } = parseInput(RevokeWalletAddressKey, unchecked)
    return { walletAddressKey: walletAddressKeyView(await this.keys.revoke(visibleTo(caller), id)) }
  }
}
