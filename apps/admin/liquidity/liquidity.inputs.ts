import { z } from 'zod'
import { uuid } from '../inputs/fields.js'

const transfer = { id: uuid, amount: z.bigint() }
const timeoutSeconds = z.bigint()

export const DepositAsset = z.object({ assetId: uuid, ...transfer })
export const WithdrawAsset = z.object({ assetId: uuid, ...transfer, timeoutSeconds })
export const DepositPeer = z.object({ peerId: uuid, ...transfer })
export const WithdrawPeer = z.object({ peerId: uuid, ...transfer, timeoutSeconds })
export const EndWithdrawal = z.object({ withdrawalId: uuid })
export const DepositOutgoingPayment = z.object({ outgoingPaymentId: uuid })
export const WithdrawIncomingPayment = z.object({ incomingPaymentId: uuid, timeoutSeconds })
export const WithdrawOutgoingPayment = z.object({ outgoingPaymentId: uuid, timeoutSeconds })
export const OfEvent = z.object({ eventId: uuid })
