import { z } from 'zod'
import type { Payments } from '../admin/payments.js'
import { amountShape } from '../admin/shapes.js'
import { parseUnits, showAmount } from '../print/money.js'
import type { Diary } from './activity.js'
import type { Customers } from './customers.js'
import { convert } from './rates.js'

export const payOrder = z.object({ from: z.string(), to: z.url(), amount: z.string() })
export type PayOrder = z.infer<typeof payOrder>

const walletAddressShape = z.object({ id: z.string(), assetCode: z.string(), assetScale: z.number() })

export const startedShape = z.object({
  paymentId: z.string(),
  receiver: z.url(),
  debitAmount: amountShape,
  receiveAmount: amountShape,
})
export type StartedPayment = z.infer<typeof startedShape>

/** A customer's order: look at the receiver's wallet, then receiver → quote → outgoing payment at the bank's own node. */
export async function startPayment(
  { from, to, amount }: PayOrder,
  { customers, payments, diary }: { customers: Customers; payments: Payments; diary: Diary },
): Promise<StartedPayment> {
  const payer = customers.named(from)
  const { assetCode, assetScale, walletAddressId } = payer
  const debit = { value: parseUnits(amount, assetScale), assetCode, assetScale }
  diary.write(`is told by ${from} to pay ${showAmount(debit)} to ${to}`)
  const wallet = await lookUp(to)
  const value = convert(debit.value, assetCode, wallet.assetCode)
  const incomingAmount = { value, assetCode: wallet.assetCode, assetScale: wallet.assetScale }
  diary.write(`asks its node for a receiver: createReceiver, ${showAmount(incomingAmount)}`)
  const receiver = await payments.createReceiver(to, incomingAmount)
  diary.write('asks what it will cost: createQuote')
  const { id: quoteId, debitAmount, receiveAmount } = await payments.createQuote(walletAddressId, receiver, debit)
  diary.write(`has a quote: ${showAmount(debitAmount)} will arrive as ${showAmount(receiveAmount)}`, quoteId)
  diary.write('takes it: createOutgoingPayment', quoteId)
  const paymentId = await payments.createOutgoingPayment(walletAddressId, quoteId)
  return { paymentId, receiver, debitAmount, receiveAmount }
}

async function lookUp(url: string): Promise<z.infer<typeof walletAddressShape>> {
  const response = await fetch(url, { headers: { accept: 'application/json' }, signal: AbortSignal.timeout(5_000) })
  if (!response.ok) throw new Error(`there is no wallet at ${url} (status ${response.status})`)
  return walletAddressShape.parse(await response.json())
}
