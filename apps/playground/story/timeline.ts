import type { PacketAccount } from '../admin/progress.js'
import { showAmount } from '../print/money.js'
import type { PaidPayment } from './payment.js'
import type { Scene } from './setup.js'
import type { Side } from './side.js'

export interface Happening {
  readonly atMs: number
  readonly who: string
  readonly what: string
}

/** What the banks wrote in their diaries, what the sending node wrote about the payment and its packets, by time. */
export async function readTimeline(scene: Scene, payment: PaidPayment, sinceMs: number): Promise<Happening[]> {
  const { alpha, beta } = scene
  const [diaries, steps, packets] = await Promise.all([
    Promise.all([diary(alpha), diary(beta)]),
    alpha.progress.timeline(payment.paymentId),
    packetsOf(alpha),
  ])
  // The banks' diaries tell of the webhooks from the other end.
  const own = steps.filter(({ step }) => step !== 'webhook delivered')
  const node = own.map(({ at, step, detail }) => ({
    atMs: Date.parse(at),
    who: alpha.institution.node.name,
    what: detail === null ? step : `${step}: ${detail}`,
  }))
  return [...diaries.flat(), ...node, ...packets].filter(({ atMs }) => atMs >= sinceMs).sort((a, b) => a.atMs - b.atMs)
}

async function diary({ bank, institution }: Side): Promise<Happening[]> {
  const entries = await bank.activity()
  return entries.map(({ at, what }) => ({ atMs: Date.parse(at), who: institution.name, what }))
}

async function packetsOf({ progress, institution }: Side): Promise<Happening[]> {
  const packets = await progress.packets()
  return packets
    .filter(({ outcome, sourceAmount }) => outcome === 'FULFILLED' && sourceAmount > 0n)
    .map((packet) => ({
      atMs: Date.parse(packet.receivedAt) + packet.durationMs,
      who: institution.node.name,
      what: `packet of ${amountOf(packet.source, packet.sourceAmount)} fulfilled after ${packet.durationMs} ms`,
    }))
}

function amountOf({ assetCode, assetScale }: PacketAccount, value: bigint): string {
  return showAmount({ value, assetCode, assetScale })
}
