import { AssetFieldsResolver } from './assets/asset-fields.resolver.js'
import { AssetsResolver } from './assets/assets.resolver.js'
import { WhoamiResolver } from './callers/whoami.resolver.js'
import { ConnectorAccountsResolver } from './connector/connector-accounts.resolver.js'
import { ConnectorAlertsResolver } from './connector/connector-alerts.resolver.js'
import { ConnectorRoutesResolver } from './connector/connector-routes.resolver.js'
import { IncomingPaymentDecisionsResolver } from './incoming-payments/incoming-payment-decisions.resolver.js'
import { IncomingPaymentFieldsResolver } from './incoming-payments/incoming-payment-fields.resolver.js'
import { IncomingPaymentsResolver } from './incoming-payments/incoming-payments.resolver.js'
import { AccountingTransfersResolver } from './ledger/accounting-transfers.resolver.js'
import { AuditResolver } from './ledger/audit.resolver.js'
import { BookDifferencesResolver } from './ledger/book-differences.resolver.js'
import { AssetLiquidityResolver } from './liquidity/asset-liquidity.resolver.js'
import { EventLiquidityResolver } from './liquidity/event-liquidity.resolver.js'
import { PaymentLiquidityResolver } from './liquidity/payment-liquidity.resolver.js'
import { PeerLiquidityResolver } from './liquidity/peer-liquidity.resolver.js'
import { PacketsResolver } from './network/packets.resolver.js'
import { OutgoingPaymentFieldsResolver } from './outgoing-payments/outgoing-payment-fields.resolver.js'
import { OutgoingPaymentsResolver } from './outgoing-payments/outgoing-payments.resolver.js'
import { PaymentTimelineResolver } from './outgoing-payments/payment-timeline.resolver.js'
import { PaymentsResolver } from './payments/payments.resolver.js'
import { PeerFieldsResolver } from './peers/peer-fields.resolver.js'
import { PeersResolver } from './peers/peers.resolver.js'
import { QuotesResolver } from './quotes/quotes.resolver.js'
import { ReceiversResolver } from './receivers/receivers.resolver.js'
import { TenantsResolver } from './tenants/tenants.resolver.js'
import { WalletAddressFieldsResolver } from './wallet-addresses/wallet-address-fields.resolver.js'
import { WalletAddressKeysResolver } from './wallet-addresses/wallet-address-keys.resolver.js'
import { WalletAddressesResolver } from './wallet-addresses/wallet-addresses.resolver.js'
import { WebhookEventsResolver } from './webhooks/webhook-events.resolver.js'

/** Everything that answers a field of the schema. */
export const resolvers = [
  WhoamiResolver,
  TenantsResolver,
  AssetsResolver,
  AssetFieldsResolver,
  AssetLiquidityResolver,
  PeersResolver,
  PeerFieldsResolver,
  PeerLiquidityResolver,
  WalletAddressesResolver,
  WalletAddressFieldsResolver,
  WalletAddressKeysResolver,
  IncomingPaymentsResolver,
  IncomingPaymentFieldsResolver,
  IncomingPaymentDecisionsResolver,
  PaymentsResolver,
  ReceiversResolver,
  QuotesResolver,
  OutgoingPaymentsResolver,
  OutgoingPaymentFieldsResolver,
  PaymentLiquidityResolver,
  EventLiquidityResolver,
  PaymentTimelineResolver,
  WebhookEventsResolver,
  AccountingTransfersResolver,
  AuditResolver,
  BookDifferencesResolver,
  PacketsResolver,
  ConnectorAccountsResolver,
  ConnectorRoutesResolver,
  ConnectorAlertsResolver,
]
