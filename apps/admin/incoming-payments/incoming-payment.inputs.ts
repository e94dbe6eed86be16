import { z } from 'zod'
import { amount, metadata, optional, time, uuid } from '../inputs/fields.js'

export const CreateIncomingPayment = z.object({
  walletAddressId: uuid,
  expiresAt: optional(time),
  metadata: optional(metadata),
  incomingAmount: optional(amount),
  isCardPayment: z
    .boolean()
    .nullish()
    .refine((isCardPayment) => isCardPayment !== true, { error: 'asks for a card payment, and this node takes none' }),
  senderWalletAddress: optional(z.string().max(1_024, { error: 'must have at most 1024 characters' })),
})

export const UpdateIncomingPayment = z.object({ id: uuid, metadata })

export const ApproveIncomingPayment = z.object({ id: uuid })

export const CancelIncomingPayment = z.object({
  id: uuid,
  cancellationReason: optional(z.string().max(1_000, { error: 'must have at most 1000 characters' })),
})
