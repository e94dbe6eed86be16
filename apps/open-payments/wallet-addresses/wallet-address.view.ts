import { visibleProperties, type WalletAddress } from '@kivuko/wallet-addresses'
import type { Addresses } from '../addresses.js'

export function walletAddressView(walletAddress: WalletAddress, addresses: Addresses) {
  const additionalProperties = visibleProperties(walletAddress.additionalProperties)
  return {
    id: walletAddress.address,
    ...(walletAddress.publicName !== null && { publicName: walletAddress.publicName }),
    assetCode: walletAddress.asset.code,
    assetScale: walletAddress.asset.scale,
    authServer: addresses.authServer(walletAddress.tenantId),
    resourceServer: addresses.resourceServer(walletAddress.tenantId),
    ...(additionalProperties !== undefined && { additionalProperties }),
  }
}
