import { SignatureRefused } from './signature-refused.js'

/** A request as it came in, as far as a signature speaks of it. */
export interface ReceivedRequest {
  readonly method: string
  /** Every URL that the client may have called it by. */
  readonly targetUris: readonly string[]
  /** Names and values by turns, as received: what a framework makes of headers drops repeated ones. */
  readonly rawHeaders: readonly string[]
  /** The bytes as received; empty where there are none. */
  readonly body: Buffer
}

/** Values by lower-case name, one for each time the header came. */
export type Fields = Readonly<Record<string, string[]>>

// Others of these have one meaning only while there is one of them.
const SINGLE_FIELDS = ['authorization', 'content-type', 'content-length'] as const

/** The headers of a request; a repeated header that may come once, and a line break inside a value, are refused. */
export function fieldsOf({ rawHeaders }: ReceivedRequest): Fields {
  const fields: Record<string, string[]> = Object.create(null)
  for (let index = 0; index + 1 < rawHeaders.length; index += 2) {
    const name = rawHeaders[index]?.toLowerCase() ?? ''
    const value = rawHeaders[index + 1] ?? ''
    if (/[\r\n]/.test(value)) throw new SignatureRefused(`the header ${name} has a line break`)
    fields[name] = [...(fields[name] ?? []), value]
  }
  for (const name of SINGLE_FIELDS) {
    if ((fields[name]?.length ?? 0) > 1) throw new SignatureRefused(`the header ${name} came more than once`)
  }
  return fields
}
