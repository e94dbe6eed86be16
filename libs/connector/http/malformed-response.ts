/** Bytes that are no HTTP/1.1 response, or that nobody asked for. */
export class MalformedResponse extends Error {
  override readonly name = 'MalformedResponse'
  readonly code = 'MALFORMED_RESPONSE'
}
