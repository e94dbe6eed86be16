import { createCipheriv, createHash, createHmac, randomBytes } from 'node:crypto'
import type { Prepare, Reply } from '@kivuko/ilp'
import { Packet } from 'ilp-protocol-stream/dist/src/packet.js'
import { StreamServers } from '../stream-servers.js'

export const tenantId = '438fa74a-fa7d-4317-9ced-dde32ece1787'
export const startMs = Date.UTC(2026, 0, 1)
export const asset = {
  id: '0b1f4e0a-1d5f-4c3b-9a6e-5a1f0c7b8d90',
  tenantId,
  code: 'EUR',
  scale: 2,
  ledger: 1,
  withdrawalThreshold: null,
  liquidityThreshold: null,
  createdAt: new Date(startMs),
}
export const servers = new StreamServers({ ilpAddress: 'test.kivuko', operatorTenantId: tenantId }, Buffer.alloc(32, 7))

/** What a sender has been told. */
export interface Credentials {
  readonly ilpAddress: string
  readonly sharedSecret: Buffer
}

/** A STREAM packet (RFC 29): `minimum` is the least its sender wants to arrive. Nobody can fulfill a probe. */
export async function streamPacket(
  credentials: Credentials,
  { amount, minimum = 0n, isProbe = false }: { amount: bigint; minimum?: bigint; isProbe?: boolean },
): Promise<Prepare> {
  const { sharedSecret } = credentials
  const request = new Packet(1, 12, minimum.toString(), [])
  const data = await request.serializeAndEncrypt(keyOf(sharedSecret, 'ilp_stream_encryption'))
  const prepare = prepareWith(credentials, data, amount)
  return isProbe ? { ...prepare, executionCondition: randomBytes(32) } : prepare
}

/** A packet of 10 whose plaintext is these bytes, encrypted as its receiver expects, with the condition it can fulfill. */
export function prepareOf(credentials: Credentials, plaintext: Buffer): Prepare {
  const nonce = randomBytes(12)
  const cipher = createCipheriv('aes-256-gcm', keyOf(credentials.sharedSecret, 'ilp_stream_encryption'), nonce)
  const ciphertext = Buffer.concat([cipher.update(plaintext), cipher.final()])
  return prepareWith(credentials, Buffer.concat([nonce, cipher.getAuthTag(), ciphertext]), 10n)
}

/** The STREAM packet in a reply. */
export function streamPacketIn(sharedSecret: Buffer, { data }: Reply): Promise<Packet> {
  return Packet.decryptAndDeserialize(keyOf(sharedSecret, 'ilp_stream_encryption'), data)
}

function prepareWith({ ilpAddress: destination, sharedSecret }: Credentials, data: Buffer, amount: bigint): Prepare {
  const fulfillment = createHmac('sha256', keyOf(sharedSecret, 'ilp_stream_fulfillment')).update(data).digest()
  const executionCondition = createHash('sha256').update(fulfillment).digest()
  return { amount, executionCondition, expiresAt: new Date(startMs + 10_000), destination, data }
}

function keyOf(sharedSecret: Buffer, name: string): Buffer {
  return createHmac('sha256', sharedSecret).update(name).digest()
}
