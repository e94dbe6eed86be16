import { z } from 'zod'
import { name, optional, uuid } from '../inputs/fields.js'

const additionalProperties = optional(
  z.array(z.object({ key: z.string(), value: z.string(), visibleInOpenPayments: z.boolean() })),
)

export const CreateWalletAddress = z.object({
  tenantId: optional(uuid),
  assetId: uuid,
  address: z.string(),
  publicName: name.nullish(),
  additionalProperties,
})

export const UpdateWalletAddress = z.object({
  id: uuid,
  publicName: name.nullish(),
  status: z.enum(['ACTIVE', 'INACTIVE']).nullish(),
  additionalProperties,
})

export const WithdrawWalletAddress = z.object({ walletAddressId: uuid, id: uuid, timeoutSeconds: z.bigint() })

export const TriggerWalletAddressEvents = z.object({ limit: z.number() })
