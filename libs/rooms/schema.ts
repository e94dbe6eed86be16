import { assetsEntities, assetsMigrations } from '@kivuko/assets'
import { incomingPaymentsEntities, incomingPaymentsMigrations } from '@kivuko/incoming-payments'
import { peeringEntities, peeringMigrations } from '@kivuko/peering'
import type { Entity, Migration } from '@kivuko/platform'
import { tenantsEntities, tenantsMigrations } from '@kivuko/tenants'
import { webhooksEntities, webhooksMigrations } from '@kivuko/webhooks'

/** The steps of every room; they run in the order of their ids. */
export const roomsMigrations: readonly Migration[] = [
  ...tenantsMigrations,
  ...assetsMigrations,
  ...webhooksMigrations,
  ...peeringMigrations,
  ...incomingPaymentsMigrations,
]

/** The tables of every room. */
export const roomsEntities: readonly Entity[] = [
  ...tenantsEntities,
  ...assetsEntities,
  ...webhooksEntities,
  ...peeringEntities,
  ...incomingPaymentsEntities,
]
