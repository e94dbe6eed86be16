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

/** What the banks wrote in their diaries, what the sending node wrote about the payment, and the packets, by time. */
export async function readTimeline(scene: Scene, payment: PaidPayment, sinceMs: number): Promise<Happening[]> {
  const { alpha, beta } = scene
  const [diaries, steps, packets] = await Promise.all([
    Promise.all([diary(alpha), diary(beta)]),
    alpha.progress.timeline(payment.paymentId),
    Promise.all([packetsOf(alpha), packetsOf(beta)]),
  ])
  const node = steps.map(({ at, step, cause }) => ({
    atMs: Date.parse(at),
    who: alpha.institution.node.name,
    what: cause === null ? step : `${step}: ${cause}`,
  }))
  return [...diaries.flat(), ...node, ...packets.flat()]
    .filter(({ atMs }) => atMs >= sinceMs)
    .sort((a, b) => a.atMs - b.atMs)
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
      what: `packet of ${amountOf(packet.source, packet.sourceAmount)} fulfilled`,
    }))
}

function amountOf({ assetCode, assetScale }: PacketAccount, value: bigint): string {
  return showAmount({ value, assetCode, assetScale })
}
