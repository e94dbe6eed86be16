import { WalletAddressRow } from './wallet-address.entity.js'
import { WalletAddressKey } from './wallet-address-key.entity.js'

export { type AdditionalProperty, visibleProperties } from './additional-property.js'
export { type Jwk, jwkOf } from './jwk.js'
export {
  isActive,
  type NewWalletAddress,
  type WalletAddress,
  type WalletAddressChange,
  type WalletAddressStatus,
  type WalletAddressWithdrawal,
} from './wallet-address.js'
export { WalletAddressKey } from './wallet-address-key.entity.js'
export { WalletAddressKeysService } from './wallet-address-keys.service.js'
export { WalletAddressReading } from './wallet-address-reading.js'
export { WalletAddressSearch } from './wallet-address-search.js'
export { walletAddressesMigrations } from './wallet-addresses.migrations.js'
export { WalletAddressesModule } from './wallet-addresses.module.js'
export { type OnDeactivation, type WalletAddressesParts, WalletAddressesService } from './wallet-addresses.service.js'

export const walletAddressesEntities = [WalletAddressRow, WalletAddressKey]
