import { DomainError } from '@kivuko/platform'
import type { WalletAddress, WalletAddressesService } from '@kivuko/wallet-addresses'

/** The tenant's wallet address of this URL. One of another tenant does not exist for its tokens. */
export async function requiredWalletAddress(
  walletAddresses: WalletAddressesService,
  tenantId: string,
  url: string,
): Promise<WalletAddress> {
  const found = await walletAddresses.byUrl(url)
  if (found !== undefined && found.tenantId === tenantId) return found
  throw new DomainError('not-found', 'UnknownWalletAddress', `There is no wallet address ${url.slice(0, 200)} here`)
}
