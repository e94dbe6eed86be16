import type { IlpErrorCode, Reply } from '@kivuko/ilp'
import type { Packet } from './packet.js'

/** An account a packet came from or went to, as its records name it. */
export interface RecordedAccount {
  readonly kind: 'peer' | 'payment' | 'incoming-payment' | 'wallet-address'
  readonly id: string
  readonly assetCode: string
  readonly assetScale: number
}

/** What became of a packet. Amounts are in minor units of each side's asset. */
export interface PacketRecord {
  readonly receivedAtMs: number
  readonly durationMs: number
  readonly source: RecordedAccount
  /** Absent when it was refused before its destination was found. */
  readonly destination: RecordedAccount | undefined
  readonly destinationAddress: string
  readonly sourceAmount: bigint
  readonly destinationAmount: bigint
  readonly outcome: 'fulfilled' | 'rejected'
  readonly code: IlpErrorCode | undefined
  readonly message: string
}

/** The last packets of this process, the oldest overwritten first: for the operator's eyes, not for the books. */
export class PacketRecords {
  private readonly ring: PacketRecord[] = []
  private next = 0

  constructor(private readonly capacity: number) {}

  add(packet: Packet, reply: Reply, answeredAtMs: number): void {
    this.ring[this.next] = recordOf(packet, reply, answeredAtMs)
    this.next = (this.next + 1) % this.capacity
  }

  /** Newest first. */
  recent(limit: number): PacketRecord[] {
    const count = Math.min(limit, this.ring.length)
    const newestFirst = Array.from({ length: count }, (_, age) => this.ring.at(this.next - 1 - age))
    return newestFirst.filter((record) => record !== undefined)
  }
}

function recordOf(packet: Packet, reply: Reply, answeredAtMs: number): PacketRecord {
  const { source, destination, prepare } = packet
  const isFulfilled = reply.type === 'fulfill'
  return {
    receivedAtMs: packet.receivedAtMs,
    durationMs: answeredAtMs - packet.receivedAtMs,
    source: recordedAccount(source),
    destination: destination && recordedAccount(destination),
    destinationAddress: prepare.destination,
    sourceAmount: prepare.amount,
    destinationAmount: packet.destinationAmount,
    outcome: isFulfilled ? 'fulfilled' : 'rejected',
    code: isFulfilled ? undefined : reply.code,
    message: isFulfilled ? '' : reply.message,
  }
}

function recordedAccount({ kind, id, asset }: Packet['source'] | NonNullable<Packet['destination']>): RecordedAccount {
  return { kind, id, assetCode: asset.code, assetScale: asset.scale }
}
