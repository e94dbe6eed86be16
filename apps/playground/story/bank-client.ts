import { z } from 'zod'
import { units } from '../admin/shapes.js'
import { activityShape } from '../bank/activity.js'
import { startedShape } from '../bank/pay.js'

const TIMEOUT_MS = 20_000

const customerShape = z.object({
  name: z.string(),
  assetCode: z.string(),
  assetScale: z.number(),
  walletAddress: z.url(),
  walletAddressId: z.string(),
  balance: units,
  held: units,
})
export type CustomerView = z.infer<typeof customerShape>

/** A sample bank as its customers' app sees it. */
export class BankClient {
  constructor(private readonly url: string) {}

  openAccount(order: {
    name: string
    assetId: string
    assetCode: string
    assetScale: number
    balance: string
  }): Promise<CustomerView> {
    return this.call('/customers', customerShape, order)
  }

  customers(): Promise<CustomerView[]> {
    return this.call('/customers', z.array(customerShape))
  }

  pay(order: { from: string; to: string; amount: string }) {
    return this.call('/payments', startedShape, order)
  }

  activity() {
    return this.call('/activity', z.array(activityShape))
  }

  private async call<T>(path: string, shape: z.ZodType<T>, order?: unknown): Promise<T> {
    const post = { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify(order) }
    const signal = AbortSignal.timeout(TIMEOUT_MS)
    const response = await fetch(`${this.url}${path}`, { ...(order !== undefined && post), signal })
    const text = await response.text()
    if (!response.ok) throw new Error(`the bank at ${this.url}${path} answered ${response.status}: ${text}`)
    return shape.parse(JSON.parse(text))
  }
}
