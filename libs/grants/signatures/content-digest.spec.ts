import { describe, expect, it } from 'vitest'
import { HELLO, HELLO_SHA256, HELLO_SHA512 } from '../testing/signing-client.js'
import { checkContentDigest } from './content-digest.js'

const body = Buffer.from(HELLO)
const OTHER_SHA256 = 'sha-256=:47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=:'

describe('a content digest', () => {
  it.each([
    [[HELLO_SHA256]],
    [[HELLO_SHA512]],
    [[`${HELLO_SHA256}, ${HELLO_SHA512}`]],
    [[HELLO_SHA256, HELLO_SHA512]],
    [[`md5=:AAAA:, ${HELLO_SHA512}`]],
  ])('of RFC 9530 is accepted: %j', (values) => {
    expect(() => checkContentDigest(values, body)).not.toThrow()
  })

  it('of no bytes is the digest of the empty body', () => {
    expect(() => checkContentDigest([OTHER_SHA256], Buffer.alloc(0))).not.toThrow()
  })

  it('is of the bytes, not of what they mean', () => {
    expect(() => checkContentDigest([HELLO_SHA512], Buffer.from('{"hello":"world"}'))).toThrow('not that of the body')
  })

  it.each([
    ['one that is not the body’s', [OTHER_SHA256], 'the sha-256 digest is not that of the body'],
    ['a wrong one beside a right one', [HELLO_SHA512, OTHER_SHA256], 'the sha-256 digest is not that of the body'],
    ['only broken algorithms', ['md5=:AAAA:'], 'neither a sha-256 nor a sha-512'],
    ['no bytes', ['sha-256="text"'], 'not a byte sequence'],
    ['no dictionary', ['SHA-512=abc'], 'cannot be read'],
    ['nothing', [''], 'neither a sha-256 nor a sha-512'],
  ])('is refused: %s', (_, values, message) => {
    expect(() => checkContentDigest(values, body)).toThrow(message)
  })
})
