import { describe, expect, it } from 'vitest'
import { PacketError } from './packet-error.js'
import { decodePrepare, encodePrepare } from './prepare.js'

const valid = {
  amount: 107n,
  expiresAt: new Date('2024-02-29T23:59:59.999Z'),
  executionCondition: Buffer.alloc(32, 1),
  destination: 'test.alice',
  data: Buffer.from('data'),
}

function reasonOf(act: () => unknown): string {
  try {
    act()
  } catch (error) {
    if (error instanceof PacketError) return error.reason
    throw error
  }
  return 'accepted'
}

/** The packet with `text` written over its expiry, which starts after the type, one length byte and the amount. */
function withExpiry(text: string): Buffer {
  const bytes = encodePrepare(valid)
  bytes.write(text, 2 + 8, 'latin1')
  return bytes
}

describe('encodePrepare', () => {
  it.each([
    [-1n, 'invalid-amount'],
    [2n ** 64n, 'invalid-amount'],
    [2n ** 64n + 1n, 'invalid-amount'],
    [99_999_999_999_999_999_999n, 'invalid-amount'],
    [2n ** 64n - 1n, 'accepted'],
    [0n, 'accepted'],
  ])('amount %s: %s', (amount, expected) => {
    expect(reasonOf(() => encodePrepare({ ...valid, amount }))).toBe(expected)
  })

  it('carries the largest amount unchanged', () => {
    expect(decodePrepare(encodePrepare({ ...valid, amount: 2n ** 64n - 1n })).amount).toBe(18_446_744_073_709_551_615n)
  })

  it.each([31, 33])('refuses a condition of %i bytes', (length) => {
    expect(reasonOf(() => encodePrepare({ ...valid, executionCondition: Buffer.alloc(length) }))).toBe(
      'invalid-condition',
    )
  })

  it('takes 32,767 bytes of data and no more', () => {
    const longest = { ...valid, data: Buffer.alloc(32_767, 7) }
    expect(decodePrepare(encodePrepare(longest))).toEqual(longest)
    expect(reasonOf(() => encodePrepare({ ...valid, data: Buffer.alloc(32_768) }))).toBe('data-too-long')
  })

  it.each(['', 'g', 'test.', 'foo.bar', 'test.a b', `test.${'a'.repeat(1_019)}`])(
    'refuses the destination "%s"',
    (to) => {
      expect(reasonOf(() => encodePrepare({ ...valid, destination: to }))).toBe('invalid-address')
    },
  )

  it.each([new Date(Number.NaN), new Date('+010000-01-01T00:00:00Z'), new Date('0099-12-31T23:59:59Z')])(
    'refuses the expiry %s',
    (expiresAt) => {
      expect(reasonOf(() => encodePrepare({ ...valid, expiresAt }))).toBe('invalid-timestamp')
    },
  )

  it('writes years before 1000 with four digits', () => {
    const expiresAt = new Date('0123-04-05T06:07:08.009Z')
    expect(encodePrepare({ ...valid, expiresAt }).toString('latin1', 10, 27)).toBe('01230405060708009')
  })
})

describe('decodePrepare', () => {
  it('reads the 29th of February of a leap year', () => {
    expect(decodePrepare(encodePrepare(valid)).expiresAt.toISOString()).toBe('2024-02-29T23:59:59.999Z')
  })

  it.each([
    ['20241301000000000', 'month 13'],
    ['20240001000000000', 'month 0'],
    ['20240230000000000', '30th of February'],
    ['20230229000000000', '29th of February of a common year'],
    ['20240100000000000', 'day 0'],
    ['20240131240000000', 'hour 24'],
    ['20240131236000000', 'minute 60'],
    ['20161231235960852', 'the 60th second'],
    ['00000000000000000', 'all zeros'],
    ['2024013123595999x', 'a letter'],
    ['+2024013123595999', 'a sign'],
    ['2024-01-31T23:59Z', 'another notation'],
  ])('refuses the expiry %s (%s)', (text) => {
    expect(reasonOf(() => decodePrepare(withExpiry(text)))).toBe('invalid-timestamp')
  })

  it('ignores bytes after the packet', () => {
    expect(decodePrepare(Buffer.concat([encodePrepare(valid), Buffer.from('more')]))).toEqual(valid)
  })

  it('ignores bytes after the last field, within the envelope', () => {
    const bytes = encodePrepare(valid)
    const longer = Buffer.concat([bytes, Buffer.from([1, 2, 3])])
    longer.writeUInt8(bytes.readUInt8(1) + 3, 1)
    expect(decodePrepare(longer)).toEqual(valid)
  })

  it('refuses every beginning of a packet', () => {
    const bytes = encodePrepare(valid)
    for (let length = 0; length < bytes.length; length++) {
      expect(reasonOf(() => decodePrepare(bytes.subarray(0, length)))).toBe('truncated')
    }
  })

  it.each([11, 13, 14, 0, 255])('refuses the packet type %i', (type) => {
    const bytes = encodePrepare(valid)
    bytes.writeUInt8(type, 0)
    expect(reasonOf(() => decodePrepare(bytes))).toBe('wrong-type')
  })

  it('refuses a length that is not in its shortest form', () => {
    const bytes = encodePrepare(valid)
    const long = Buffer.concat([Buffer.from([12, 0x81]), bytes.subarray(1)])
    const zeroPadded = Buffer.concat([Buffer.from([12, 0x82, 0]), bytes.subarray(1)])
    const indefinite = Buffer.concat([Buffer.from([12, 0x80]), bytes.subarray(2)])
    const eightBytes = Buffer.concat([Buffer.from([12, 0x88]), Buffer.alloc(7), bytes.subarray(1)])
    const longer = encodePrepare({ ...valid, data: Buffer.alloc(100) })
    // From 128 bytes on a length is written in the long form, which must not begin with zeros.
    const leadingZero = Buffer.concat([Buffer.from([12, 0x82, 0]), longer.subarray(2)])
    expect(longer.readUInt8(1)).toBe(0x81)
    for (const malformed of [long, zeroPadded, indefinite, eightBytes, leadingZero]) {
      expect(reasonOf(() => decodePrepare(malformed))).toBe('non-canonical-length')
    }
  })

  it('refuses a length that promises more than 4 GB without reading so far', () => {
    expect(reasonOf(() => decodePrepare(Buffer.from('0c84ffffffff00', 'hex')))).toBe('truncated')
  })

  it('refuses data above 32,767 bytes', () => {
    const bytes = encodePrepare({ ...valid, data: Buffer.alloc(32_767) })
    const longer = Buffer.concat([bytes, Buffer.alloc(1)])
    longer.writeUIntBE(bytes.length - 4 + 1, 2, 2)
    longer.writeUIntBE(32_768, bytes.length - 32_767 - 2, 2)
    expect(reasonOf(() => decodePrepare(longer))).toBe('data-too-long')
  })

  it('says what was wrong, with which value', () => {
    expect(() => decodePrepare(withExpiry('20241301000000000'))).toThrow(
      'the expiry "20241301000000000" is no moment in UTC: expected YYYYMMDDHHmmSSfff',
    )
  })
})
