import { decodePrepare, encodeReply, PacketError, type Reply, reject } from '@kivuko/ilp'
import type { Clock } from '@kivuko/platform'
import type { AbandonedReservations } from './abandoned-reservations.js'
import type { ConnectorMetrics } from './connector-metrics.js'
import type { PeerTransport } from './deliver.js'
import type { Exchange } from './http/exchange.js'
import type { Acceptance, AsyncRequest } from './http/owed-replies.js'
import type { Taking } from './http/reply-relay.js'
import type { LedgerConfirmations } from './ledger-confirmations.js'
import type { LiveView } from './live-view.js'
import type { NodeAddress } from './node-address.js'
import { newPacket } from './packet.js'
import type { PacketRecord, PacketRecords } from './packet-records.js'
import type { PacketSource } from './packet-source.js'
import { peerAccount } from './peer-account.js'
import type { PeerPlaces } from './peer-places.js'
import type { Handler } from './step.js'

export interface ConnectorParts {
  readonly pipeline: Handler
  readonly address: NodeAddress
  readonly clock: Clock
  readonly records: PacketRecords
  readonly metrics: ConnectorMetrics
  readonly confirmations: LedgerConfirmations
  readonly places: Pick<PeerPlaces, 'onIdle'>
  readonly transport: Pick<PeerTransport, 'close'>
  readonly exchange: Exchange
  readonly live: LiveView
  readonly chargesRepeatsOnce: boolean
  readonly abandoned: Pick<AbandonedReservations, 'close'>
}

/** What a peer posts to our callback: `bytes` are a fulfill or a reject, `process` is what the callback's address named. */
export interface CallbackReply {
  readonly requestId: string
  readonly peerId: string
  readonly bytes: Buffer
  readonly process: string | undefined
}

/** Takes packets from peers and from our own payments alike. */
export class ConnectorService {
  constructor(private readonly parts: ConnectorParts) {}

  /** From the bytes of a prepare to those of a fulfill or reject. The caller gives `bytes` away: they are patched. */
  handle(bytes: Buffer, source: PacketSource): Promise<Buffer> {
    return this.answer(bytes, source).then(encodeReply)
  }

  /** Handles a packet whose reply is posted to a callback (RFC 35, draft 3). */
  handleLater(request: AsyncRequest): Acceptance {
    const source = peerAccount(request.peer)
    return this.parts.exchange.owed.accept(request, (bytes) => this.handle(bytes, source))
  }

  /** Of a peer, at our callback; `not-awaited` when this peer owes us none by this id (any more). */
  takeReply({ requestId, peerId, bytes, process }: CallbackReply): Promise<Taking> {
    return this.parts.exchange.relay.take(requestId, peerId, bytes, process)
  }

  /** When replies that we await and those that we owe are settled: before the door closes, at which some still come. */
  async repliesSettled(): Promise<void> {
    await Promise.all([this.parts.exchange.awaited.drained(), this.parts.exchange.owed.drained()])
  }

  /** Whether the same bytes are charged once, however often they come, also after a restart: peers are told. */
  get chargesRepeatsOnce(): boolean {
    return this.parts.chargesRepeatsOnce
  }

  /** Limits, packets and alerts of this process. */
  get live(): LiveView {
    return this.parts.live
  }

  /** The last packets of this process, newest first; of one tenant, or of all. */
  recentPackets(limit: number, tenantId?: string): PacketRecord[] {
    return this.parts.records.recent(limit, tenantId)
  }

  /** Called when the doors are closed, and before the ledger closes: finishes what either still owes us an answer to. */
  async beforeApplicationShutdown(): Promise<void> {
    await this.parts.abandoned.close()
    await this.parts.places.onIdle()
    await this.parts.confirmations.onIdle()
    await this.parts.transport.close()
  }

  private async answer(bytes: Buffer, source: PacketSource): Promise<Reply> {
    const { address, clock, metrics, pipeline, records } = this.parts
    const triggeredBy = address.ofTenant(source.tenantId)
    const receivedAtMs = clock.nowMs()
    try {
      const packet = newPacket(bytes, decodePrepare(bytes), source, receivedAtMs)
      const reply = await pipeline(packet)
      const answeredAtMs = clock.nowMs()
      metrics.answered(packet, reply, answeredAtMs - receivedAtMs)
      records.add(packet, reply, answeredAtMs)
      return reply
    } catch (error) {
      if (error instanceof PacketError) return reject('F01', triggeredBy, error.message)
      throw error
    }
  }
}
