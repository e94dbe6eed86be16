import { describe, expect, it } from 'vitest'
import { decodeEchoRequest, ECHO_RESPONSE, encodeEchoRequest } from './echo.js'

// Written out by hand: "ECHO" four times, the type, the length of the address, the address.
const PREFIX = '4543484f'.repeat(4)
const REQUEST = `${PREFIX}000a${Buffer.from('test.alice').toString('hex')}`

const decode = (hex: string) => decodeEchoRequest(Buffer.from(hex, 'hex'))

describe('an echo request', () => {
  it('carries where its answer goes', () => {
    expect(encodeEchoRequest('test.alice').toString('hex')).toBe(REQUEST)
    expect(decode(REQUEST)).toBe('test.alice')
  })

  it('is answered by the prefix and the type 1', () => {
    expect(ECHO_RESPONSE.toString('hex')).toBe(`${PREFIX}01`)
  })

  it.each([
    ['', 'too short for echo request'],
    [PREFIX, 'too short for echo request'],
    [`${'4543484e'.repeat(4)}00`, 'does not start with ECHO prefix'],
    [`${PREFIX}01`, 'unexpected ping response'],
    [`${PREFIX}02`, 'unexpected ping response'],
    [`${PREFIX}00`, 'ends too early'],
    [`${PREFIX}000a74657374`, 'ends too early'],
    [`${PREFIX}000474657374`, 'no ILP address'],
  ])('is none: %j, %s', (hex, why) => {
    expect(() => decode(hex)).toThrow(why)
  })
})
