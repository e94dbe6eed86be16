import { assertAddress } from './address.js'
import { CONDITION_BYTES } from './limits.js'
import { OctetReader } from './octet-reader.js'
import { OctetWriter, varOctetsSize } from './octet-writer.js'

/** RFC 31: a node asks the one above it for its own address and for the asset of their account. */
export const ILDCP_DESTINATION = 'peer.config'

/** Peer protocols move no money: everyone knows the fulfillment, 32 zero bytes. */
export const PEER_PROTOCOL_FULFILLMENT = Buffer.alloc(CONDITION_BYTES)
export const PEER_PROTOCOL_CONDITION = Buffer.from(
  '66687aadf862bd776c8fc18b8e9f8e20089714856ee233b3902a591d0d5f2925',
  'hex',
)

export interface IldcpResponse {
  readonly clientAddress: string
  readonly assetScale: number
  readonly assetCode: string
}

/** The data of the fulfill that answers a request. */
export function encodeIldcpResponse({ clientAddress, assetScale, assetCode }: IldcpResponse): Buffer {
  assertAddress(clientAddress, 'the client address')
  const code = Buffer.from(assetCode, 'utf8')
  const bytes = Buffer.allocUnsafe(varOctetsSize(clientAddress.length) + 1 + varOctetsSize(code.length))
  const writer = new OctetWriter(bytes)
  writer.writeVarLatin1(clientAddress)
  writer.writeUInt8(assetScale)
  writer.writeVarOctets(code)
  return bytes
}

export function decodeIldcpResponse(data: Buffer): IldcpResponse {
  const reader = new OctetReader(data)
  const clientAddress = reader.readVarLatin1()
  assertAddress(clientAddress, 'the client address')
  return { clientAddress, assetScale: reader.readUInt8(), assetCode: reader.readVarOctets().toString('utf8') }
}
