import { isValidIlpAddress } from './address.js'
import { OctetReader } from './octet-reader.js'
import { OctetWriter, varOctetsSize } from './octet-writer.js'
import { PacketError } from './packet-error.js'

// Of the classic connector, which wrote no RFC about it: 16 bytes, a type, and in a request where the answer goes.
const PREFIX = Buffer.from('ECHOECHOECHOECHO')
const REQUEST = 0
const RESPONSE = 1

/** The data of a packet that is sent back to whoever asked for it. */
export const ECHO_RESPONSE = Buffer.concat([PREFIX, Buffer.from([RESPONSE])])

export function encodeEchoRequest(sourceAddress: string): Buffer {
  const address = Buffer.allocUnsafe(varOctetsSize(sourceAddress.length))
  new OctetWriter(address).writeVarLatin1(sourceAddress)
  return Buffer.concat([PREFIX, Buffer.from([REQUEST]), address])
}

/** Where the sender of an echo request takes the answer. Throws PacketError for data that is no request. */
export function decodeEchoRequest(data: Buffer): string {
  if (data.length <= PREFIX.length) {
    throw new PacketError('truncated', `packet data too short for echo request. length=${data.length}`)
  }
  if (!data.subarray(0, PREFIX.length).equals(PREFIX)) {
    throw new PacketError('wrong-type', 'packet data does not start with ECHO prefix.')
  }
  const reader = new OctetReader(data.subarray(PREFIX.length))
  const type = reader.readUInt8()
  if (type !== REQUEST) throw new PacketError('wrong-type', `unexpected ping response. type=${type}`)
  const sourceAddress = reader.readVarLatin1()
  if (isValidIlpAddress(sourceAddress)) return sourceAddress
  throw new PacketError('invalid-address', 'the source address of the echo request is no ILP address')
}
