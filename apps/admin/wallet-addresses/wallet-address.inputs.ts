import { z } from 'zod'
import { optional, uuid } from '../inputs/fields.js'

export const CreateWalletAddress = z.object({
  tenantId: optional(uuid),
  assetId: uuid,
  address: z.string(),
  publicName: z.string().nullish(),
})

export const UpdateWalletAddress = z.object({
  id: uuid,
  publicName: z.string().nullish(),
  status: z.enum(['ACTIVE', 'INACTIVE']).nullish(),
})

export const WithdrawWalletAddress = z.object({ walletAddressId: uuid, id: uuid, timeoutSeconds: z.bigint() })
