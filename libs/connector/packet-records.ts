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

/** A record before anybody asked for it: the accounts are those in memory anyway, and the packet's bytes are let go. */
interface Entry {
  readonly receivedAtMs: number
  readonly answeredAtMs: number
  readonly source: Packet['source']
  readonly destination: Packet['destination']
  readonly destinationAddress: string
  readonly sourceAmount: bigint
  readonly destinationAmount: bigint
  readonly code: IlpErrorCode | undefined
  readonly message: string
}

/** The last packets of this process, the oldest overwritten first: for the operator's eyes, not for the books. */
export class PacketRecords {
  private readonly ring: Entry[] = []
  private next = 0

  constructor(private readonly capacity: number) {}

  add(packet: Packet, reply: Reply, answeredAtMs: number): void {
    const { receivedAtMs, source, destination, prepare, destinationAmount } = packet
    this.ring[this.next] = {
      receivedAtMs,
      answeredAtMs,
      source,
      destination,
      destinationAddress: prepare.destination,
      sourceAmount: prepare.amount,
      destinationAmount,
      code: reply.type === 'reject' ? reply.code : undefined,
      message: reply.type === 'reject' ? reply.message : '',
    }
    this.next = (this.next + 1) % this.capacity
  }

  /** Newest first. Of a tenant: those both ends of which are its own; undefined: of every tenant. */
  recent(limit: number, tenantId?: string): PacketRecord[] {
    const found: PacketRecord[] = []
    for (let age = 0; age < this.ring.length && found.length < limit; age++) {
      const entry = this.ring.at(this.next - 1 - age)
      if (entry !== undefined && isOf(tenantId, entry)) found.push(recordFrom(entry))
    }
    return found
  }
}

function isOf(tenantId: string | undefined, { source, destination }: Entry): boolean {
  if (tenantId === undefined) return true
  return source.tenantId === tenantId && (destination === undefined || destination.tenantId === tenantId)
}

function recordFrom({ source, destination, answeredAtMs, ...rest }: Entry): PacketRecord {
  return {
    ...rest,
    durationMs: answeredAtMs - rest.receivedAtMs,
    source: recordedAccount(source),
    destination: destination && recordedAccount(destination),
    outcome: rest.code === undefined ? 'fulfilled' : 'rejected',
  }
}

function recordedAccount({ kind, id, asset }: Packet['source'] | NonNullable<Packet['destination']>): RecordedAccount {
  return { kind, id, assetCode: asset.code, assetScale: asset.scale }
}
