import { createHash, createHmac } from 'node:crypto'
import { StreamServer } from '@interledger/stream-receiver'
import { decodeReply, encodePrepare, type Reply } from '@kivuko/ilp'
import { SystemClock } from '@kivuko/platform'
import { Packet } from 'ilp-protocol-stream/dist/src/packet.js'
import type { TestNode } from './node.js'

/** Whatever takes the bytes of a prepare to a node, and brings those of its reply back. */
export interface PacketWay {
  sendData(prepare: Buffer): Promise<Buffer>
}

export interface StreamCredentials {
  readonly ilpAddress: string
  readonly sharedSecret: Buffer
}

// As long as a node may hold a packet.
const LIFE_MS = 25_000
const clock = new SystemClock()

/** What the node would tell a client of an incoming payment. */
export function credentialsOf(
  { env, ilpAddress: serverAddress }: TestNode,
  paymentTag: string,
  asset?: { readonly code: string; readonly scale: number },
): StreamCredentials {
  const serverSecret = Buffer.from(env.STREAM_SECRET ?? '', 'base64')
  return new StreamServer({ serverSecret, serverAddress }).generateCredentials({ paymentTag, asset })
}

/** Single STREAM packets (RFC 29), one by one or at once, as no library sends them. */
export class StreamSending {
  private sequence = 0

  constructor(private readonly credentials: StreamCredentials) {}

  /** Brings `value`, of which its sender wants all to arrive; the two assets are alike. */
  async send(way: PacketWay, value: bigint): Promise<Reply> {
    this.sequence += 1
    const { ilpAddress: destination, sharedSecret } = this.credentials
    const request = new Packet(this.sequence, 12, value.toString(), [])
    const data = await request.serializeAndEncrypt(hmac(sharedSecret, 'ilp_stream_encryption'))
    const fulfillment = createHmac('sha256', hmac(sharedSecret, 'ilp_stream_fulfillment')).update(data).digest()
    const executionCondition = createHash('sha256').update(fulfillment).digest()
    const expiresAt = new Date(clock.nowMs() + LIFE_MS)
    const prepare = { amount: value, expiresAt, executionCondition, destination, data }
    return decodeReply(await way.sendData(encodePrepare(prepare)))
  }
}

function hmac(key: Buffer, text: string): Buffer {
  return createHmac('sha256', key).update(text).digest()
}
