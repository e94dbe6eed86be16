import { Clock, CONFIG, type Config, DomainError } from '@kivuko/platform'
import { isActive, type WalletAddress, WalletAddressesService } from '@kivuko/wallet-addresses'
import {
  Controller,
  Get,
  Header,
  Headers,
  HttpCode,
  Inject,
  NotAcceptableException,
  Options,
  Req,
} from '@nestjs/common'
import type { FastifyRequest } from 'fastify'
import { Anonymous } from '../access/requirement.js'
import { Addresses } from '../addresses.js'
import { acceptsJson } from './acceptable.js'
import { requestedAddresses } from './requested-addresses.js'
import { walletAddressView } from './wallet-address.view.js'

/** Every path that is no resource of its own may be a wallet address. */
@Controller()
export class WalletAddressController {
  constructor(
    private readonly walletAddresses: WalletAddressesService,
    private readonly addresses: Addresses,
    private readonly clock: Clock,
    @Inject(CONFIG) private readonly config: Config,
  ) {}

  // Pages and extensions of any origin read wallet addresses; a deactivated one disappears within the minute.
  @Get('*')
  @Anonymous()
  @Header('Access-Control-Allow-Origin', '*')
  @Header('Cache-Control', 'public, max-age=60')
  @Header('Vary', 'Accept')
  async read(@Req() request: FastifyRequest, @Headers('accept') accept?: string) {
    if (!acceptsJson(accept)) throw new NotAcceptableException('A wallet address is answered as application/json')
    const walletAddress = await this.find(request)
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

  private async find({ host, url }: FastifyRequest): Promise<WalletAddress> {
    const [path = ''] = url.split('?')
    for (const address of requestedAddresses(host, path, this.config.openPaymentsDevToken !== undefined)) {
      const found = await this.walletAddresses.byUrl(address)
      if (found !== undefined && isActive(found, this.clock.nowMs())) return found
    }
    throw new DomainError(
      'not-found',
      'UnknownWalletAddress',
      `There is no wallet address ${host}${path}`.slice(0, 200),
    )
  }
}
