import { WalletAddressReceipts } from '@kivuko/incoming-payments'
import { CONFIG, type Config } from '@kivuko/platform'
import { WalletAddressKeysService } from '@kivuko/wallet-addresses'
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
  Res,
} from '@nestjs/common'
import type { FastifyReply, FastifyRequest } from 'fastify'
import { Anonymous } from '../access/requirement.js'
import { Addresses } from '../addresses.js'
import { acceptsJson, acceptsSpsp } from './acceptable.js'
import { spspView } from './spsp.view.js'
import { receiptSetupOf, SPSP_TYPE } from './spsp-query.js'
import { walletAddressView } from './wallet-address.view.js'
import { WalletAddressLookup } from './wallet-address-lookup.js'

/** Every path that is no resource of its own may be a wallet address, or the keys of one. */
@Controller()
export class WalletAddressController {
  constructor(
    private readonly lookup: WalletAddressLookup,
    private readonly keys: WalletAddressKeysService,
    private readonly addresses: Addresses,
    private readonly receipts: WalletAddressReceipts,
    @Inject(CONFIG) private readonly config: Config,
  ) {}

  // Pages and extensions of any origin read wallet addresses; a deactivated one disappears within the minute.
  @Get('*')
  @Anonymous()
  @Header('Access-Control-Allow-Origin', '*')
  @Header('Cache-Control', 'public, max-age=60')
  @Header('Vary', 'Accept')
  async read(
    @Req() request: FastifyRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
    @Headers('accept') accept?: string,
  ) {
    if (this.config.enableSpspPaymentPointers && acceptsSpsp(accept)) return this.readSpsp(request, reply)
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
  @Header('Access-Control-Allow-Headers', 'accept, content-type, web-monetization-id, receipt-nonce, receipt-secret')
  preflight(): void {}

  /** Another secret for every sender: nobody else's answer may be kept for it. */
  private async readSpsp(request: FastifyRequest, reply: FastifyReply) {
    const receiptSetup = receiptSetupOf(request.headers)
    const { walletAddress, document } = await this.lookup.find(request)
    if (document === 'jwks') return { keys: await this.keys.jwks(walletAddress.id) }
    reply.header('Content-Type', SPSP_TYPE).header('Cache-Control', 'no-store')
    const credentials = this.receipts.credentials(walletAddress, receiptSetup)
    // Nest leaves text as it is; an object would be sent as application/json.
    return JSON.stringify(spspView(credentials, receiptSetup !== undefined))
  }
}
