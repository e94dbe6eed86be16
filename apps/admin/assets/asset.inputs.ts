import { z } from 'zod'
import { optional, uuid } from '../inputs/fields.js'

export const CreateAsset = z.object({
  code: z.string(),
  scale: z.number(),
  withdrawalThreshold: optional(z.bigint()),
  liquidityThreshold: optional(z.bigint()),
  tenantId: optional(uuid),
})

/** A threshold left out is removed, as with Rafiki. */
export const UpdateAsset = z.object({
  id: uuid,
  withdrawalThreshold: z.bigint().nullish().default(null),
  liquidityThreshold: z.bigint().nullish().default(null),
})

export const SetFee = z.object({
  assetId: uuid,
  type: z.enum(['SENDING', 'RECEIVING']),
  fee: z.object({ fixed: z.bigint(), basisPoints: z.number() }),
})

export const DeleteAsset = z.object({ id: uuid })
