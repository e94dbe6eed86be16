import { assertAddress } from './address.js'
import { envelopeContents, writeEnvelope } from './envelope.js'
import { AMOUNT_BYTES, CONDITION_BYTES, MAX_AMOUNT, TIMESTAMP_BYTES } from './limits.js'
import { OctetReader } from './octet-reader.js'
import { assertCondition, assertPayload } from './octet-rules.js'
import { varOctetsSize } from './octet-writer.js'
import type { Prepare } from './packet.js'
import { PacketError } from './packet-error.js'
import { parseTimestamp, writeTimestamp } from './timestamp.js'

export const PREPARE_TYPE = 12

/** Throws PacketError when a value cannot be carried: nothing is cut or wrapped. */
export function encodePrepare(prepare: Prepare): Buffer {
  const { amount, expiresAt, executionCondition, destination, data } = prepare
  if (amount < 0n || amount > MAX_AMOUNT) {
    throw new PacketError('invalid-amount', `the amount ${amount} cannot be carried: expected 0 to ${MAX_AMOUNT}`)
  }
  assertCondition(executionCondition, 'the condition')
  assertAddress(destination, 'the destination')
  assertPayload(data)
  const size =
    AMOUNT_BYTES + TIMESTAMP_BYTES + CONDITION_BYTES + varOctetsSize(destination.length) + varOctetsSize(data.length)
  return writeEnvelope(PREPARE_TYPE, size, (writer) => {
    writer.writeUInt64(amount)
    const timestamp = Buffer.allocUnsafe(TIMESTAMP_BYTES)
    writeTimestamp(timestamp, 0, expiresAt.getTime())
    writer.write(timestamp)
    writer.write(executionCondition)
    writer.writeVarLatin1(destination)
    writer.writeVarOctets(data)
  })
}

/** Throws PacketError for anything but a prepare. Condition and data are views of `bytes`: copy them to keep them. */
export function decodePrepare(bytes: Buffer): Prepare {
  const reader = new OctetReader(envelopeContents(bytes, PREPARE_TYPE, 'a prepare (12)'))
  const amount = reader.readUInt64()
  const expiresAt = parseTimestamp(reader.read(TIMESTAMP_BYTES))
  const executionCondition = reader.read(CONDITION_BYTES)
  const destination = reader.readVarLatin1()
  assertAddress(destination, 'the destination')
  const data = reader.readVarOctets()
  assertPayload(data)
  return { amount, expiresAt, executionCondition, destination, data }
}
