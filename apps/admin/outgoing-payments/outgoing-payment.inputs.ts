import { z } from 'zod'
import { amount, metadata, noCardPayment, optional, uuid } from '../inputs/fields.js'

export const CreateOutgoingPayment = z.object({
  walletAddressId: uuid,
  quoteId: uuid,
  metadata: optional(metadata),
})

export const CreateFromIncomingPayment = z.object({
  walletAddressId: uuid,
  incomingPayment: z.string(),
  debitAmount: optional(amount),
  metadata: optional(metadata),
  cardDetails: noCardPayment(z.unknown()),
})

export const CancelOutgoingPayment = z.object({
  id: uuid,
  reason: optional(z.string().max(1_000)),
  cardPaymentFailureReason: noCardPayment(z.unknown()),
})
