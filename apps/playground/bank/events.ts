import { z } from 'zod'
import { amountShape } from '../admin/shapes.js'

const outgoing = z.object({
  id: z.string(),
  walletAddressId: z.string(),
  debitAmount: amountShape,
  sentAmount: amountShape,
  balance: z.coerce.bigint().default(0n),
  error: z.string().nullish(),
})
const incoming = z.object({ id: z.string(), walletAddressId: z.string(), receivedAmount: amountShape })
const base = { id: z.string() }

/** The webhooks this bank acts on; others are taken note of. */
export const eventShape = z.discriminatedUnion('type', [
  z.object({ ...base, type: z.literal('outgoing_payment.created'), data: outgoing }),
  z.object({ ...base, type: z.literal('outgoing_payment.completed'), data: outgoing }),
  z.object({ ...base, type: z.literal('outgoing_payment.failed'), data: outgoing }),
  z.object({ ...base, type: z.literal('outgoing_payment.cancelled'), data: outgoing }),
  z.object({ ...base, type: z.literal('incoming_payment.created'), data: incoming }),
  z.object({ ...base, type: z.literal('incoming_payment.completed'), data: incoming }),
  z.object({ ...base, type: z.literal('incoming_payment.expired'), data: incoming }),
])
export type BankEvent = z.infer<typeof eventShape>
export type OutgoingPaymentEvent = z.infer<typeof outgoing> & { readonly eventId: string }
export type IncomingPaymentEvent = z.infer<typeof incoming> & { readonly eventId: string }

/** Only what every event has. */
export const anyEventShape = z.object({ id: z.string(), type: z.string() })
