import { WalletAddressKeysService } from '@kivuko/wallet-addresses'
import { Controller, Get, Header, Headers, HttpCode, NotAcceptableException, Options, Req } from '@nestjs/common'
import type { FastifyRequest } from 'fastify'
import { Anonymous } from '../access/requirement.js'
import { Addresses } from '../addresses.js'
import { acceptsJson } from './acceptable.js'
import { walletAddressView } from './wallet-address.view.js'
import { WalletAddressLookup } from './wallet-address-lookup.js'

/** Every path that is no resource of its own may be a wallet address, or the keys of one. */
@Controller()
export class WalletAddressController {
  constructor(
    private readonly lookup: WalletAddressLookup,
    private readonly keys: WalletAddressKeysService,
    private readonly addresses: Addresses,
  ) {}

  // Pages and extensions of any origin read wallet addresses; a deactivated one disappears within the minute.
  @Get('*')
  @Anonymous()
  @Header('Access-Control-Allow-Origin', '*')
  @Header('Cache-Control', 'public, max-age=60')
  @Header('Vary', 'Accept')
  async read(@Req() request: FastifyRequest, @Headers('accept') accept?: string) {
    if (!acceptsJson(accept)) throw new NotAcceptableException('A wallet address is answered as application/json')
    const { walletAddress, document } = await this.lookup.find(request)
    if (document === 'jwks') return { keys: await this.keys.jwks(walletAddress.id) }
    return walletAddressView(walletAddress, this.addresses)
  }

  /** Asked by a browser before a page's own headers may go along. */
  @Options('*')
  @Anonymous()
  @HttpCode(204)
  @Header('Access-Control-Allow-Origin', '*')
  @Header('Access-Control-Allow-Methods', 'GET, HEAD')
  @Header('Access-Control-Allow-Headers', 'accept, content-type, web-monetization-id')
  preflight(): void {}
}
