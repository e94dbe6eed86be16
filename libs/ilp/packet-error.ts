export type PacketErrorReason =
  | 'wrong-type'
  | 'truncated'
  | 'non-canonical-length'
  | 'invalid-amount'
  | 'invalid-timestamp'
  | 'invalid-condition'
  | 'invalid-address'
  | 'invalid-code'
  | 'data-too-long'
  | 'message-too-long'

/** Bytes that are no packet, or values that no packet can carry. */
export class PacketError extends Error {
  override readonly name = 'PacketError'

  constructor(
    readonly reason: PacketErrorReason,
    message: string,
  ) {
    super(message)
  }
}
