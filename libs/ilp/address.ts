import { MAX_ADDRESS_BYTES } from './limits.js'
import { PacketError } from './packet-error.js'

// RFC 15: a scheme, then at least one segment; case-sensitive, no empty segment.
const ADDRESS = /^(?:g|private|example|peer|self|test[1-3]?|local)(?:\.[a-zA-Z0-9_~-]+)+$/

export function isValidIlpAddress(text: string): boolean {
  return text.length <= MAX_ADDRESS_BYTES && ADDRESS.test(text)
}

/** The first segment: which network or scope the address belongs to. */
export function schemeOf(address: string): string {
  const dot = address.indexOf('.')
  return dot === -1 ? address : address.slice(0, dot)
}

export function assertAddress(text: string, field: string): void {
  if (isValidIlpAddress(text)) return
  const shown = text.length > 60 ? `${text.slice(0, 60)}… (${text.length} characters)` : text
  throw new PacketError(
    'invalid-address',
    `${field} "${shown}" is no ILP address: expected a scheme such as g or test, then segments of letters, digits, _, ~ and -, at most ${MAX_ADDRESS_BYTES} characters`,
  )
}
