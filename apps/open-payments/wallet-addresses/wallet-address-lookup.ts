import type { Clock, Config } from '@kivuko/platform'
import { DomainError } from '@kivuko/platform'
import {
  isActive,
  type WalletAddress,
  type WalletAddressesService,
  type WalletAddressSearch,
} from '@kivuko/wallet-addresses'
import type { FastifyRequest } from 'fastify'
import { requestedAddresses } from './requested-addresses.js'

const JWKS = '/jwks.json'

/** What a request below a wallet address is for, found by the URL the client used. */
export type Requested = { readonly walletAddress: WalletAddress; readonly document: 'wallet-address' | 'jwks' }

/** Finds the active wallet address that a request means. The operator hears of those it could have and does not. */
export class WalletAddressLookup {
  constructor(
    private readonly walletAddresses: WalletAddressesService,
    private readonly search: WalletAddressSearch,
    private readonly clock: Clock,
    private readonly config: Pick<Config, 'openPaymentsDevToken'>,
  ) {}

  async find({ host, url }: Pick<FastifyRequest, 'host' | 'url'>): Promise<Requested> {
    const [path = ''] = url.split('?')
    const document = path.endsWith(JWKS) ? 'jwks' : 'wallet-address'
    const addresses = this.addresses(host, document === 'jwks' ? path.slice(0, -JWKS.length) : path)
    const known = await this.first(addresses, (address) => this.walletAddresses.byUrl(address))
    const walletAddress = known ?? (await this.first(addresses, (address) => this.search.find(address)))
    if (walletAddress !== undefined) return { walletAddress, document }
    const message = `There is no wallet address ${host}${path}`.slice(0, 200)
    throw new DomainError('not-found', 'UnknownWalletAddress', message)
  }

  private addresses(host: string, path: string): string[] {
    return requestedAddresses(host, path, this.config.openPaymentsDevToken !== undefined)
  }

  private async first(
    addresses: readonly string[],
    find: (address: string) => Promise<WalletAddress | undefined>,
  ): Promise<WalletAddress | undefined> {
    for (const address of addresses) {
      const found = await find(address)
      if (found !== undefined && isActive(found, this.clock.nowMs())) return found
    }
    return undefined
  }
}
