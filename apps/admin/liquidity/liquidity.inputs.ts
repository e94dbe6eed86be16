import { z } from 'zod'
import { optional, uuid } from '../inputs/fields.js'

const transfer = { id: uuid, amount: z.bigint() }
const timeoutSeconds = z.bigint()

export const DepositAsset = z.object({ assetId: uuid, ...transfer })
export const WithdrawAsset = z.object({ assetId: uuid, ...transfer, timeoutSeconds })
export const DepositPeer = z.object({ peerId: uuid, ...transfer })
export const WithdrawPeer = z.object({ peerId: uuid, ...transfer, timeoutSeconds })
export const EndWithdrawal = z.object({ withdrawalId: uuid })
export const DepositOutgoingPayment = z.object({
  outgoingPaymentId: uuid,
  dataToTransmit: optional(z.string().max(4_096, { error: 'must have at most 4096 characters' })),
})
export const WithdrawIncomingPayment = z.object({ incomingPaymentId: uuid, timeoutSeconds })
export const WithdrawOutgoingPayment = z.object({ outgoingPaymentId: uuid, timeoutSeconds })
export const OfEvent = z.object({ eventId: uuid })
