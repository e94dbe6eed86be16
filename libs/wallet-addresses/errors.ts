import { violatedConstraint } from '@kivuko/assets'
import { DomainError } from '@kivuko/platform'

export function unknownWalletAddress(id: string): DomainError {
  const message = `No wallet address has the id "${id}"; list the wallet addresses to find the right one`
  return new DomainError('not-found', 'UnknownWalletAddress', message)
}

export function invalidUrl(address: string, why: string): DomainError {
  return new DomainError('invalid', 'InvalidUrl', `"${address.slice(0, 200)}" cannot be a wallet address: ${why}`)
}

/** A wrong asset is a mistake in the input here, as in the reference; elsewhere it is an asset not found. */
export function unknownAsset(assetId: string): DomainError {
  return new DomainError('invalid', 'UnknownAsset', `No asset has the id "${assetId}"; a wallet address needs one`)
}

export function missingBaseUrl(tenantId: string): DomainError {
  const message = `Tenant "${tenantId}" has no setting WALLET_ADDRESS_URL; set the URL its wallet addresses start with`
  return new DomainError('not-found', 'WalletAddressSettingNotFound', message)
}

export function nothingToWithdraw(id: string): DomainError {
  return new DomainError('invalid', 'AmountZero', `Wallet address "${id}" holds nothing to withdraw`)
}

/** The caller's mistake behind a failed insert, or the failure itself. */
export function explainInsert(error: unknown, address: string): unknown {
  if (violatedConstraint(error) !== 'wallet_addresses_address_unique') return error
  return new DomainError('duplicate', 'DuplicateWalletAddress', `The wallet address "${address}" exists already`)
}
