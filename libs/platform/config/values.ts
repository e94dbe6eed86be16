import { isIP } from 'node:net'
import { z } from 'zod'

// Each kind of value reads the text of one variable; its error text completes "expected …".

/** A whole number in a range; `unit` ends the sentence that states the range. */
export function wholeNumber(least: number, most: number, unit: string) {
  const expected = `a whole number of ${unit} from ${least} to ${most}`
  return z
    .string()
    .regex(/^\d{1,15}$/, expected)
    .pipe(z.coerce.number<string>().min(least, expected).max(most, expected))
}

/** A TCP port to listen on; 0 lets the system choose a free one. */
export const port = () => {
  const expected = 'a port number from 0 to 65535 (0 = any free port)'
  return z
    .string()
    .regex(/^\d{1,5}$/, expected)
    .pipe(z.coerce.number<string>().max(65_535, expected))
}

export function oneOf<const Names extends readonly [string, ...string[]]>(names: Names) {
  return z.enum(names, `one of ${names.join(', ')}`)
}

export const yesOrNo = () => z.enum(['true', 'false'], 'true or false').transform((given) => given === 'true')

/** A comma-separated choice among names, in the order given. */
export function someOf<const Names extends readonly [string, ...string[]]>(names: Names) {
  const expected = `a comma-separated choice of ${names.join(', ')}`
  return z
    .string()
    .transform((text) => [...new Set(text.split(',').map((name) => name.trim()))])
    .pipe(z.array(z.enum(names, expected)))
}

export const trueOrFalse = () => z.enum(['true', 'false'], 'true or false').transform((given) => given === 'true')

export const text = () => z.string()

export const httpUrl = () => z.string().transform(readHttpUrl)

/** An http(s) URL; kept without a trailing slash, so that paths are appended the same way everywhere. */
function readHttpUrl(given: string, context: z.RefinementCtx): string {
  const url = URL.canParse(given) ? new URL(given) : undefined
  if (url && /^https?:$/.test(url.protocol) && !url.username && !url.search && !url.hash)
    return given.replace(/\/+$/, '')
  context.addIssue('an http or https address without credentials, query or fragment')
  return z.NEVER
}

export const postgresUrl = () =>
  z
    .string()
    .refine(
      (given) => URL.canParse(given) && /^postgres(ql)?:$/.test(new URL(given).protocol),
      'an address such as postgresql://user:password@host:5432/database',
    )

export const host = () =>
  z
    .string()
    .refine(
      (given) => isIP(given) > 0 || /^[a-z0-9]([a-z0-9.-]*[a-z0-9])?$/i.test(given),
      'an IP address or host name to listen on',
    )

/** RFC 15: an allocation scheme, then segments of letters, digits, "_", "~" and "-"; at most 1023 characters. */
export const ilpAddress = () =>
  z
    .string()
    .max(1023, 'an ILP address of at most 1023 characters')
    .regex(
      /^(g|private|example|peer|self|test[1-3]?|local)(\.[A-Za-z0-9_~-]+)+$/,
      'an ILP address such as test.bank or g.bank',
    )

export const uuid4 = () => z.uuid({ version: 'v4', error: 'a UUID of version 4' })

/** 32 bytes in base64, as Rafiki takes them. */
export const key32 = () =>
  z
    .string()
    .refine((given) => Buffer.from(given, 'base64').length === 32, '32 bytes in base64 (44 characters)')
    .transform((given) => Buffer.from(given, 'base64'))

/** A secret text; 16 characters are the least that cannot be tried out over the network. */
export const secretText = () =>
  z.string().regex(/^\S{16,}$/, 'at least 16 characters without spaces (openssl rand -base64 32 makes a good one)')

/** An exact fraction of one, written as a decimal: 0.01 is kept as 1/100, never as a double. */
export const fraction = () =>
  z
    .string()
    .regex(/^0(\.\d{1,9})?$/, 'a decimal number from 0 up to, not including, 1 (0.01 is one per cent)')
    .transform((given) => {
      const digits = given.slice(2)
      return { numerator: BigInt(digits || '0'), denominator: 10n ** BigInt(digits.length) }
    })

const rateTable = z.record(
  z.string().regex(/^\S{1,6}$/),
  z.record(z.string().regex(/^\S{1,6}$/), z.string().regex(/^(?=.*[1-9])\d{1,18}(\.\d{1,18})?$/)),
)

/** Fixed exchange rates. The numbers are text inside the JSON, because a JSON number would pass through a double. */
export const exchangeRates = () =>
  z.string().transform((given, context) => {
    const table = rateTable.safeParse(parseJson(given))
    if (table.success) return table.data
    context.addIssue('JSON with the rates as text, such as {"USD":{"EUR":"0.91"}}')
    return z.NEVER
  })

function parseJson(given: string): unknown {
  try {
    return JSON.parse(given)
  } catch {
    return undefined
  }
}

/** TigerBeetle's cluster id: a whole number below 2^128. */
export const clusterId = () =>
  z
    .string()
    .regex(/^\d{1,38}$/, 'a whole number of at most 38 digits')
    .transform((given) => BigInt(given))

/** A comma-separated list of host:port, or of ports of this machine. */
export const replicaAddresses = () => {
  const expected = 'a comma-separated list of host:port, at most 6'
  return z
    .string()
    .transform((text) => text.split(',').map((address) => address.trim()))
    .pipe(z.array(z.string().regex(/^([A-Za-z0-9.-]+:)?\d{1,5}$/, expected)).max(6, expected))
}
