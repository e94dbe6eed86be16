import { accountingMigrations } from '@kivuko/accounting'
import { assetsEntities, assetsMigrations } from '@kivuko/assets'
import { connectorMigrations } from '@kivuko/connector'
import { grantsMigrations } from '@kivuko/grants'
import {
  incomingPaymentsEntities,
  incomingPaymentsMigrations,
  walletAddressReceiptsMigrations,
} from '@kivuko/incoming-payments'
import { outgoingPaymentsEntities, outgoingPaymentsMigrations } from '@kivuko/outgoing-payments'
import { peeringEntities, peeringMigrations } from '@kivuko/peering'
import type { Entity, Migration } from '@kivuko/platform'
import { quotesEntities, quotesMigrations } from '@kivuko/quotes'
import { reportsEntities, reportsMigrations } from '@kivuko/reports'
import { tenantsEntities, tenantsMigrations } from '@kivuko/tenants'
import { walletAddressesEntities, walletAddressesMigrations } from '@kivuko/wallet-addresses'
import { webhooksEntities, webhooksMigrations } from '@kivuko/webhooks'

/** The steps of every room; they run in the order of their ids. */
export const roomsMigrations: readonly Migration[] = [
  ...tenantsMigrations,
  ...accountingMigrations,
  ...assetsMigrations,
  ...webhooksMigrations,
  ...grantsMigrations,
  ...peeringMigrations,
  ...walletAddressesMigrations,
  ...connectorMigrations,
  ...incomingPaymentsMigrations,
  ...walletAddressReceiptsMigrations,
  ...quotesMigrations,
  ...outgoingPaymentsMigrations,
  ...reportsMigrations,
]

/** The tables of every room; the ledger's are read and written by SQL alone. */
export const roomsEntities: readonly Entity[] = [
  ...tenantsEntities,
  ...assetsEntities,
  ...webhooksEntities,
  ...peeringEntities,
  ...walletAddressesEntities,
  ...incomingPaymentsEntities,
  ...quotesEntities,
  ...outgoingPaymentsEntities,
  ...reportsEntities,
]
