import { IncomingPayment } from './incoming-payment.entity.js'

export { ConnectionTotals } from './connection-totals.js'
export { CreditsCatchUp } from './credits-catch-up.js'
export { IncomingPaymentDecisions } from './decisions.js'
export { IncomingPayment, type Initiator } from './incoming-payment.entity.js'
export { incomingPaymentUrl, readIncomingPaymentUrl } from './incoming-payment-url.js'
export { incomingPaymentsMigrations } from './incoming-payments.migrations.js'
export { IncomingPaymentsModule } from './incoming-payments.module.js'
export {
  INCOMING_PAYMENTS_QUEUE,
  IncomingPaymentsService,
  type NewIncomingPayment,
  type StreamCredentials,
} from './incoming-payments.service.js'
export { type IncomingPaymentState, incomingPaymentStates, isOpen } from './lifecycle.js'
export { type Admission, LocalAdmissions } from './local-admissions.js'
export { openConnectionTotals } from './open-connection-totals.js'
export { IncomingPaymentSettlement } from './settlement.js'
export { StreamReceiver } from './stream-receiver.js'
export { type ReceiptSetup, WALLET_ADDRESSES_QUEUE, WalletAddressReceipts } from './wallet-address-receipts.js'
export { walletAddressReceiptsMigrations } from './wallet-address-receipts.migrations.js'

export const incomingPaymentsEntities = [IncomingPayment] as const
