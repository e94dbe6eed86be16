import { OctetReader } from './octet-reader.js'
import { lengthPrefixSize, OctetWriter } from './octet-writer.js'
import { PacketError } from './packet-error.js'

/** The contents of a packet of the one expected type; bytes after the envelope are ignored (RFC 30). */
export function envelopeContents(bytes: Buffer, expectedType: number, expectedName: string): Buffer {
  const reader = new OctetReader(bytes)
  const type = reader.readUInt8()
  if (type !== expectedType) throw wrongType(type, expectedName)
  return reader.readVarOctets()
}

export function writeEnvelope(type: number, size: number, writeContents: (writer: OctetWriter) => void): Buffer {
  const bytes = Buffer.allocUnsafe(1 + lengthPrefixSize(size) + size)
  const writer = new OctetWriter(bytes)
  writer.writeUInt8(type)
  writer.writeLength(size)
  writeContents(writer)
  return bytes
}

export function wrongType(type: number | undefined, expectedName: string): PacketError {
  return new PacketError('wrong-type', `the packet type is ${type ?? 'missing'}: expected ${expectedName}`)
}
