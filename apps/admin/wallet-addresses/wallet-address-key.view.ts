import { jwkOf, type WalletAddressKey } from '@kivuko/wallet-addresses'

/** GraphQL's WalletAddressKey. */
export function walletAddressKeyView(key: WalletAddressKey) {
  const { id, walletAddressId, revoked, createdAt } = key
  return { id, walletAddressId, revoked, jwk: jwkOf(key), createdAt: createdAt.toISOString() }
}
