import { Ledger } from '@kivuko/accounting'
import { AssetsService, WithdrawalsService } from '@kivuko/assets'
import { ConnectorService } from '@kivuko/connector'
import { IncomingPaymentDecisions, IncomingPaymentsService, WalletAddressReceipts } from '@kivuko/incoming-payments'
import { OutgoingPaymentsService } from '@kivuko/outgoing-payments'
import { LiquidityWatch, PeersService } from '@kivuko/peering'
import { Clock } from '@kivuko/platform'
import { QuotesService, ReceiversService } from '@kivuko/quotes'
import {
  AuditReport,
  CombinedPayments,
  DifferenceClosing,
  DifferenceList,
  PaymentTimeline,
  Routes,
} from '@kivuko/reports'
import { Health, provideFrom } from '@kivuko/rooms'
import { TenantAdministration } from '@kivuko/tenants'
import { WalletAddressesService, WalletAddressKeysService } from '@kivuko/wallet-addresses'
import { WebhooksService } from '@kivuko/webhooks'
import type { INestApplicationContext, Provider } from '@nestjs/common'

/** What the resolvers ask the rooms for. */
export function roomServices(rooms: INestApplicationContext): Provider[] {
  return provideFrom(rooms, [
    AssetsService,
    AuditReport,
    Clock,
    CombinedPayments,
    ConnectorService,
    DifferenceClosing,
    DifferenceList,
    Health,
    IncomingPaymentDecisions,
    IncomingPaymentsService,
    Ledger,
    LiquidityWatch,
    OutgoingPaymentsService,
    PaymentTimeline,
    PeersService,
    QuotesService,
    ReceiversService,
    Routes,
    TenantAdministration,
    WalletAddressReceipts,
    WalletAddressesService,
    WalletAddressKeysService,
    WebhooksService,
    WithdrawalsService,
  ])
}
