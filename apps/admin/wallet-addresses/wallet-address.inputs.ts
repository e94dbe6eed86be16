import { z } from 'zod'
import { name, optional, uuid } from '../inputs/fields.js'

export const CreateWalletAddress = z.object({
  tenantId: optional(uuid),
  assetId: uuid,
  address: z.string(),
  publicName: name.nullish(),
})

export const UpdateWalletAddress = z.object({
  id: uuid,
  publicName: name.nullish(),
  status: z.enum(['ACTIVE', 'INACTIVE']).nullish(),
})

export const WithdrawWalletAddress = z.object({ walletAddressId: uuid, id: uuid, timeoutSeconds: z.bigint() })
