import { z } from 'zod'
import type { AdminClient } from './admin-client.js'
import { AMOUNT, amountShape, units } from './shapes.js'

const accountShape = z.object({ type: z.string(), id: z.string(), assetCode: z.string(), assetScale: z.number() })
const packetShape = z.object({
  receivedAt: z.string(),
  durationMs: z.number(),
  source: accountShape,
  destination: accountShape.nullable(),
  sourceAmount: units,
  destinationAmount: units,
  outcome: z.enum(['FULFILLED', 'REJECTED']),
  code: z.string().nullable(),
  message: z.string().nullable(),
})
const PACKETS = `{
  packets(limit: 100) {
    receivedAt durationMs sourceAmount destinationAmount outcome code message
    source { type id assetCode assetScale }
    destination { type id assetCode assetScale }
  }
}`
const stepShape = z.object({ at: z.string(), step: z.string(), detail: z.string().nullable() })
const outgoingShape = z.object({ state: z.string(), error: z.string().nullable(), sentAmount: amountShape })
const incomingShape = z.object({ state: z.string(), receivedAmount: amountShape })

const auditShape = z.object({
  ledgers: z.array(z.object({ asset: z.string(), debitsPosted: z.string() })),
  findings: z.array(z.object({ subject: z.string(), expected: z.string(), found: z.string(), advice: z.string() })),
  differences: z.object({ sums: z.array(z.object({ kind: z.string(), peer: z.string(), packets: z.number() })) }),
})

export type PacketAccount = z.infer<typeof accountShape>
export type Packet = z.infer<typeof packetShape>
export type Step = z.infer<typeof stepShape>

/** How a payment is getting on, and the packets it is made of. */
export class Progress {
  constructor(private readonly admin: AdminClient) {}

  async outgoingPayment(id: string): Promise<z.infer<typeof outgoingShape>> {
    const query = `query ($id: String!) { outgoingPayment(id: $id) { state error sentAmount ${AMOUNT} } }`
    const shape = z.object({ outgoingPayment: outgoingShape })
    return (await this.admin.request(query, { id }, shape)).outgoingPayment
  }

  async incomingPayment(id: string): Promise<z.infer<typeof incomingShape>> {
    const query = `query ($id: String!) { incomingPayment(id: $id) { state receivedAmount ${AMOUNT} } }`
    const shape = z.object({ incomingPayment: incomingShape })
    return (await this.admin.request(query, { id }, shape)).incomingPayment
  }

  async timeline(id: string): Promise<Step[]> {
    const query = 'query ($id: String!) { paymentTimeline(id: $id) { at step detail } }'
    return (await this.admin.request(query, { id }, z.object({ paymentTimeline: z.array(stepShape) }))).paymentTimeline
  }

  /** The latest packets through the node, oldest first. */
  async packets(): Promise<Packet[]> {
    const { packets } = await this.admin.request(PACKETS, {}, z.object({ packets: z.array(packetShape) }))
    return packets.reverse()
  }

  async audit(): Promise<z.infer<typeof auditShape>> {
    const query =
      '{ audit { ledgers { asset debitsPosted } findings { subject expected found advice } differences { sums { kind peer packets } } } }'
    return (await this.admin.request(query, {}, z.object({ audit: auditShape }))).audit
  }
}
