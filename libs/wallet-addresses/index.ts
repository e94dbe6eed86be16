import { WalletAddressRow } from './wallet-address.entity.js'

export {
  isActive,
  type NewWalletAddress,
  type WalletAddress,
  type WalletAddressChange,
  type WalletAddressStatus,
  type WalletAddressWithdrawal,
} from './wallet-address.js'
export { WalletAddressReading } from './wallet-address-reading.js'
export { walletAddressesMigrations } from './wallet-addresses.migrations.js'
export { WalletAddressesModule } from './wallet-addresses.module.js'
export { type OnDeactivation, type WalletAddressesParts, WalletAddressesService } from './wallet-addresses.service.js'

export const walletAddressesEntities = [WalletAddressRow]
