import { isActive, type WalletAddress } from '@kivuko/wallet-addresses'
import { assetView } from '../assets/asset.view.js'

/** The fields of GraphQL's WalletAddress that have no resolver of their own, and its tenant. */
export function walletAddressView(walletAddress: WalletAddress, nowMs: number) {
  return {
    id: walletAddress.id,
    tenantId: walletAddress.tenantId,
    asset: assetView(walletAddress.asset),
    address: walletAddress.address,
    publicName: walletAddress.publicName,
    additionalProperties: walletAddress.additionalProperties,
    createdAt: walletAddress.createdAt.toISOString(),
    status: isActive(walletAddress, nowMs) ? 'ACTIVE' : 'INACTIVE',
  }
}

export type WalletAddressView = ReturnType<typeof walletAddressView>
