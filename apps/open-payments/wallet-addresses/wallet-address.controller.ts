import { WalletAddressReceipts } from '@kivuko/incoming-payments'
import { CONFIG, type Config, DomainError } from '@kivuko/platform'
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
import { invalidReceiver, spspView } from './spsp.view.js'
import { receiptSetupOf, SPSP_TYPE } from './spsp-query.js'
import { walletAddressView } from './wallet-address.view.js'
import { type Requested, WalletAddressLookup } from './wallet-address-lookup.js'

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
    const requested = await this.find(request, reply)
    // The specification gives this 404 no body.
    if (requested === undefined) return undefined
    const { walletAddress, document } = requested
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
    const requested = await this.find(request, reply)
    if (requested?.document === 'jwks') return { keys: await this.keys.jwks(requested.walletAddress.id) }
    reply.header('Content-Type', SPSP_TYPE).header('Cache-Control', 'no-store')
    // Nest leaves text as it is; an object would be sent as application/json.
    if (requested === undefined) return JSON.stringify(invalidReceiver)
    const credentials = this.receipts.credentials(requested.walletAddress, receiptSetup)
    return JSON.stringify(spspView(credentials, receiptSetup !== undefined))
  }

  /** Undefined with status 404. What is missing now may be there in a moment: no such answer is kept. */
  private async find(request: FastifyRequest, reply: FastifyReply): Promise<Requested | undefined> {
    try {
      return await this.lookup.find(request)
    } catch (error) {
      if (!(error instanceof DomainError && error.kind === 'not-found')) throw error
      reply.code(404).header('Cache-Control', 'no-store')
      return undefined
    }
  }
}
