export { isValidIlpAddress, schemeOf } from './address.js'
export { decodeAmountTooLarge, encodeAmountTooLarge } from './amount-too-large.js'
export { conditionOf, fulfillmentMatches } from './condition.js'
export { decodeEchoRequest, ECHO_RESPONSE, encodeEchoRequest } from './echo.js'
export { errorNames, type IlpErrorCode, isIlpErrorCode } from './error-codes.js'
export {
  decodeIldcpResponse,
  encodeIldcpResponse,
  ILDCP_DESTINATION,
  type IldcpResponse,
  PEER_PROTOCOL_CONDITION,
  PEER_PROTOCOL_FULFILLMENT,
} from './ildcp.js'
export { MAX_AMOUNT, MAX_PACKET_BYTES } from './limits.js'
export { type Fulfill, fulfill, type Prepare, type Reject, type Reply, reject } from './packet.js'
export { PacketError, type PacketErrorReason } from './packet-error.js'
export { immutablePart, patchPrepare, withoutTrailingBytes } from './patch-prepare.js'
export { decodePrepare, encodePrepare } from './prepare.js'
export { decodeReply, encodeReply } from './reply.js'
