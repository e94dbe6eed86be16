import { describe, expect, it } from 'vitest'
import { fulfill, reject } from './packet.js'
import { decodeReply, encodeReply } from './reply.js'

describe('replies', () => {
  it('lets codes outside the RFC table travel', () => {
    const reply = reject('F09', 'test.rust', 'invalid peer response')
    expect(decodeReply(encodeReply(reply))).toEqual(reply)
  })

  it.each(['X99', 'F0x', 'f00', '   '])('refuses the code "%s"', (code) => {
    const bytes = encodeReply(reject('F00', '', ''))
    bytes.write(code, 2, 'latin1')
    expect(() => decodeReply(bytes)).toThrow(`the error code "${code}" is none`)
  })

  it('allows an empty triggeredBy and refuses an invalid one', () => {
    expect(decodeReply(encodeReply(reject('T00', '', 'x')))).toEqual(reject('T00', '', 'x'))
    expect(() => encodeReply(reject('T00', 'nowhere', 'x'))).toThrow('triggeredBy "nowhere" is no ILP address')
  })

  it('keeps a message in any language', () => {
    expect(decodeReply(encodeReply(reject('T00', '', 'kivuko 🛶')))).toMatchObject({ message: 'kivuko 🛶' })
  })

  it('cuts a message above 8,191 bytes at a whole character', () => {
    const decoded = decodeReply(encodeReply(reject('T00', '', 'é'.repeat(5_000))))
    expect(decoded).toMatchObject({ message: 'é'.repeat(4_095) })
  })

  it('refuses a message above 8,191 bytes', () => {
    const text = Buffer.alloc(8_192, 'm')
    const contents = Buffer.concat([
      Buffer.from('T00\0', 'latin1'),
      Buffer.from([0x82, 0x20, 0x00]),
      text,
      Buffer.from([0]),
    ])
    const bytes = Buffer.concat([Buffer.from([14, 0x82, contents.length >> 8, contents.length & 0xff]), contents])
    expect(() => decodeReply(bytes)).toThrow('the message has 8192 bytes: expected at most 8191')
  })

  it('refuses a fulfillment of another length than 32', () => {
    expect(() => encodeReply(fulfill(Buffer.alloc(31)))).toThrow('the fulfillment has 31 bytes: expected 32')
  })

  it('refuses data above 32,767 bytes', () => {
    expect(() => encodeReply(fulfill(Buffer.alloc(32), Buffer.alloc(32_768)))).toThrow('the data has 32768 bytes')
  })

  it('ignores bytes after the packet', () => {
    const reply = fulfill(Buffer.alloc(32, 3), Buffer.from('data'))
    expect(decodeReply(Buffer.concat([encodeReply(reply), Buffer.from([0])]))).toEqual(reply)
  })

  it.each(['', '0c00', '0100', 'ff'])('refuses what is neither fulfill nor reject: %s', (hex) => {
    expect(() => decodeReply(Buffer.from(hex, 'hex'))).toThrow('expected a fulfill (13) or a reject (14)')
  })
})
