import { assertAddress } from './address.js'
import { envelopeContents, writeEnvelope, wrongType } from './envelope.js'
import { isIlpErrorCode } from './error-codes.js'
import { CODE_BYTES, CONDITION_BYTES, MAX_MESSAGE_BYTES } from './limits.js'
import { OctetReader } from './octet-reader.js'
import { assertCondition, assertPayload } from './octet-rules.js'
import { varOctetsSize } from './octet-writer.js'
import { type Fulfill, fulfill, type Reject, type Reply, reject } from './packet.js'
import { PacketError } from './packet-error.js'

const FULFILL_TYPE = 13
const REJECT_TYPE = 14

export function encodeReply(reply: Reply): Buffer {
  return reply.type === 'fulfill' ? encodeFulfill(reply) : encodeReject(reply)
}

/** Throws PacketError for anything but a fulfill or reject. Fulfillment and data are views of `bytes`. */
export function decodeReply(bytes: Buffer): Reply {
  const type = bytes[0]
  if (type === FULFILL_TYPE) return decodeFulfill(bytes)
  if (type === REJECT_TYPE) return decodeReject(bytes)
  throw wrongType(type, 'a fulfill (13) or a reject (14)')
}

function encodeFulfill({ fulfillment, data }: Fulfill): Buffer {
  assertCondition(fulfillment, 'the fulfillment')
  assertPayload(data)
  return writeEnvelope(FULFILL_TYPE, CONDITION_BYTES + varOctetsSize(data.length), (writer) => {
    writer.write(fulfillment)
    writer.writeVarOctets(data)
  })
}

function decodeFulfill(bytes: Buffer): Fulfill {
  const reader = new OctetReader(envelopeContents(bytes, FULFILL_TYPE, 'a fulfill (13)'))
  const fulfillment = reader.read(CONDITION_BYTES)
  const data = reader.readVarOctets()
  assertPayload(data)
  return fulfill(fulfillment, data)
}

function encodeReject({ code, triggeredBy, message, data }: Reject): Buffer {
  if (triggeredBy !== '') assertAddress(triggeredBy, 'triggeredBy')
  assertPayload(data)
  const text = messageBytes(message)
  const size = CODE_BYTES + varOctetsSize(triggeredBy.length) + varOctetsSize(text.length) + varOctetsSize(data.length)
  return writeEnvelope(REJECT_TYPE, size, (writer) => {
    writer.writeLatin1(code)
    writer.writeVarLatin1(triggeredBy)
    writer.writeVarOctets(text)
    writer.writeVarOctets(data)
  })
}

function decodeReject(bytes: Buffer): Reject {
  const reader = new OctetReader(envelopeContents(bytes, REJECT_TYPE, 'a reject (14)'))
  const code = reader.read(CODE_BYTES).toString('latin1')
  if (!isIlpErrorCode(code)) {
    throw new PacketError('invalid-code', `the error code "${code}" is none: expected F, T or R and two digits`)
  }
  const triggeredBy = reader.readVarLatin1()
  if (triggeredBy !== '') assertAddress(triggeredBy, 'triggeredBy')
  const text = reader.readVarOctets()
  if (text.length > MAX_MESSAGE_BYTES) {
    throw new PacketError(
      'message-too-long',
      `the message has ${text.length} bytes: expected at most ${MAX_MESSAGE_BYTES}`,
    )
  }
  const data = reader.readVarOctets()
  assertPayload(data)
  return reject(code, triggeredBy, text.toString('utf8'), data)
}

/** A message is for people: one that is too long is cut (at a whole character), since the reject itself must arrive. */
function messageBytes(message: string): Buffer {
  const bytes = Buffer.from(message, 'utf8')
  if (bytes.length <= MAX_MESSAGE_BYTES) return bytes
  return bytes.subarray(0, Buffer.allocUnsafe(MAX_MESSAGE_BYTES).write(message, 'utf8'))
}
