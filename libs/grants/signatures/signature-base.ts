import { httpbis } from 'http-message-signatures'
import { type InnerList, serializeInnerList, serializeItem } from 'structured-headers'
import type { Fields } from './received-request.js'
import { SignatureRefused } from './signature-refused.js'

/** What a signature's base is made of, besides its own input. */
export interface SignedMessage {
  readonly method: string
  readonly targetUri: string
  readonly fields: Fields
}

/** The bytes that were signed (RFC 9421 §2.5). */
export function signatureBase(input: InnerList, { method, targetUri, fields }: SignedMessage): Buffer {
  const [components] = input
  try {
    const lines = httpbis.createSignatureBase(
      { fields: components.map((component) => serializeItem(component)) },
      { method, url: targetUri, headers: { ...fields } },
    )
    lines.push(['"@signature-params"', [serializeInnerList(input)]])
    return Buffer.from(httpbis.formatSignatureBase(lines))
  } catch (error) {
    const why = error instanceof Error ? error.message : 'a component cannot be derived'
    throw new SignatureRefused(`a covered component is not in the request: ${why}`)
  }
}
