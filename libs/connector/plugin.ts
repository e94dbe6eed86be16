import { decodeReply, encodeReply } from '@kivuko/ilp'
import type { ConnectorService } from './connector.service.js'
import type { PaymentSource } from './packet-source.js'

/** What ILP senders such as @interledger/pay ask of a ledger plugin (LPIv2). */
export interface IlpPlugin {
  connect(): Promise<void>
  disconnect(): Promise<void>
  isConnected(): boolean
  sendData(prepare: Buffer): Promise<Buffer>
}

/** A plugin whose packets enter the pipeline as a peer's do, charged to one of our own payments. */
export function makeIlpPlugin(connector: Pick<ConnectorService, 'handle'>, source: PaymentSource): IlpPlugin {
  let connected = true
  return {
    async connect() {
      connected = true
    },
    async disconnect() {
      connected = false
    },
    isConnected: () => connected,
    // The sender keeps its bytes: the pipeline gets its own.
    sendData: async (prepare) => asSenderExpects(await connector.handle(Buffer.from(prepare), source)),
  }
}

const REJECT_TYPE = 14
// STREAM data is at least an initialization vector and an authentication tag (RFC 29).
const STREAM_OVERHEAD_BYTES = 28

/**
 * STREAM receivers of other nodes answer a probe with F05 and a short amount with F04, both with STREAM data that says
 * what arrived (stream-receiver alpha.4, Rafiki); @interledger/pay alpha.9 takes these codes as the end of the payment
 * and expects F99, as ours and earlier ones send. Rejects without STREAM data come from connectors and keep their code.
 */
function asSenderExpects(bytes: Buffer): Buffer {
  if (bytes[0] !== REJECT_TYPE) return bytes
  const reply = decodeReply(bytes)
  const isFromReceiver = reply.data.length > STREAM_OVERHEAD_BYTES
  if (reply.type !== 'reject' || !isFromReceiver || (reply.code !== 'F05' && reply.code !== 'F04')) return bytes
  return encodeReply({ ...reply, code: 'F99' })
}
