import fc from 'fast-check'
import {
  deserializeIlpPrepare,
  deserializeIlpReply,
  type IlpReply,
  serializeIlpPrepare,
  serializeIlpReply,
} from 'ilp-packet'
import { describe, expect, it } from 'vitest'
import type { IlpErrorCode } from './error-codes.js'
import { fulfill, type Prepare, type Reply, reject } from './packet.js'
import { PacketError } from './packet-error.js'
import { decodePrepare, encodePrepare } from './prepare.js'
import { decodeReply, encodeReply } from './reply.js'

const RUNS = 1_000

// Short arbitrary bytes, and long ones that are cheap to make: lengths around each width of the length prefix matter.
const octets = fc.oneof(
  fc.uint8Array({ maxLength: 40 }).map((bytes) => Buffer.from(bytes)),
  fc.oneof(fc.integer({ min: 120, max: 300 }), fc.integer({ min: 60, max: 32_767 })).map((n) => Buffer.alloc(n, n)),
)
const digest = fc.uint8Array({ minLength: 32, maxLength: 32 }).map((bytes) => Buffer.from(bytes))
const segment = fc.stringMatching(/^[a-zA-Z0-9_~-]{1,60}$/)
const scheme = fc.constantFrom('g', 'private', 'example', 'peer', 'self', 'test', 'test1', 'test2', 'test3', 'local')
const address = fc
  .tuple(scheme, fc.array(segment, { minLength: 1, maxLength: 8 }))
  .map(([first, rest]) => [first, ...rest].join('.'))
const code = fc.constantFrom<IlpErrorCode>('F00', 'F01', 'F02', 'F05', 'F08', 'F99', 'T00', 'T04', 'T05', 'R00', 'R02')

// ilp-packet takes the first moment of 1970 for invalid.
const prepares: fc.Arbitrary<Prepare> = fc.record({
  amount: fc.bigInt({ min: 0n, max: 2n ** 64n - 1n }),
  expiresAt: fc.date({
    min: new Date('2000-01-01T00:00:00Z'),
    max: new Date('9999-12-31T23:59:59.999Z'),
    noInvalidDate: true,
  }),
  executionCondition: digest,
  destination: address,
  data: octets,
})

const replies: fc.Arbitrary<Reply> = fc.oneof(
  fc.record({ fulfillment: digest, data: octets }).map(({ fulfillment, data }) => fulfill(fulfillment, data)),
  fc
    .record({
      code,
      triggeredBy: fc.oneof(address, fc.constant('')),
      message: fc.string({ unit: 'grapheme' }),
      data: octets,
    })
    .map(({ code, triggeredBy, message, data }) => reject(code, triggeredBy, message, data)),
)

/** The same reply as ilp-packet holds it: without a type. */
function theirs({ type: _, ...fields }: Reply): IlpReply {
  return fields
}

/** As text, since comparing long buffers byte by byte in an assertion takes milliseconds each. */
function readable(value: Buffer | object): string {
  if (Buffer.isBuffer(value)) return value.toString('base64')
  const fields = Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1))
  return fields
    .map(([name, field]) => `${name}: ${Buffer.isBuffer(field) ? readable(field) : textOf(field)}`)
    .join('\n')
}

function textOf(field: unknown): string {
  return field instanceof Date ? field.toISOString() : String(field)
}

describe('ilp-packet and this codec agree', () => {
  it('on prepares, both ways', () => {
    fc.assert(
      fc.property(prepares, (prepare) => {
        const bytes = encodePrepare(prepare)
        expect(readable(bytes)).toBe(readable(serializeIlpPrepare({ ...prepare, amount: prepare.amount.toString() })))
        expect(readable(decodePrepare(bytes))).toBe(readable(prepare))
        expect(readable(deserializeIlpPrepare(bytes))).toBe(readable(prepare))
      }),
      { numRuns: RUNS },
    )
  })

  it('on replies, both ways', () => {
    fc.assert(
      fc.property(replies, (reply) => {
        const bytes = encodeReply(reply)
        expect(readable(bytes)).toBe(readable(serializeIlpReply(theirs(reply))))
        expect(readable(decodeReply(bytes))).toBe(readable(reply))
        expect(readable(deserializeIlpReply(bytes))).toBe(readable(theirs(reply)))
      }),
      { numRuns: RUNS },
    )
  })

  it('accepts nothing that ilp-packet refuses, whatever is done to the bytes', () => {
    fc.assert(
      fc.property(prepares, fc.nat(), fc.nat(255), fc.nat(40), (prepare, at, byte, cut) => {
        const bytes = encodePrepare(prepare)
        bytes[at % bytes.length] = byte
        const mutated = bytes.subarray(0, bytes.length - (cut > 30 ? cut - 30 : 0))
        const decoded = attempt(() => decodePrepare(mutated))
        if (decoded instanceof PacketError) return
        expect(readable(deserializeIlpPrepare(mutated))).toBe(readable(decoded))
      }),
      { numRuns: 4 * RUNS },
    )
  })

  it('throws nothing but PacketError, whatever the bytes are', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 300 }), fc.constantFrom(12, 13, 14), (octets, type) => {
        const bytes = Buffer.from([type, ...octets])
        attempt(() => decodePrepare(bytes))
        attempt(() => decodeReply(bytes))
      }),
      { numRuns: 4 * RUNS },
    )
  })
})

function attempt<T>(decode: () => T): T | PacketError {
  try {
    return decode()
  } catch (error) {
    if (error instanceof PacketError) return error
    throw error
  }
}
