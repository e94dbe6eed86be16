/** The largest amount of a packet: an unsigned 64-bit integer (RFC 27). */
export const MAX_AMOUNT = 2n ** 64n - 1n

/** Sizes of the ASN.1 definitions: data, address, and the message of a reject. */
export const MAX_PAYLOAD_BYTES = 32_767
export const MAX_ADDRESS_BYTES = 1_023
export const MAX_MESSAGE_BYTES = 8_191

export const CONDITION_BYTES = 32
export const AMOUNT_BYTES = 8
export const TIMESTAMP_BYTES = 17
export const CODE_BYTES = 3

/** No valid packet is longer: the longest reject has a full address, message and data, each with a length of 3 bytes. */
export const MAX_PACKET_BYTES = 4 + CODE_BYTES + 3 + MAX_ADDRESS_BYTES + 3 + MAX_MESSAGE_BYTES + 3 + MAX_PAYLOAD_BYTES
