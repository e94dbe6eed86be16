import { createHash } from 'node:crypto'
import {
  decrypt,
  generateFulfillment,
  generateFulfillmentKey,
  generatePskEncryptionKey,
} from 'ilp-protocol-stream/dist/src/crypto.js'
import { expect, it } from 'vitest'

const bytes = (hex: string) => Buffer.from(hex, 'hex')

// RFC 29 as ilp-protocol-stream and interledger-rs have it: what our senders and receivers rest on.
it('keys, envelope and fulfillment of STREAM are the published ones', async () => {
  const secret = bytes('7edb755d76f8f9d314d3416eed50fdb35192e543e7315c7ffee6906667a69624')
  const envelope = bytes('77f8d5ea3fc8e08cd4de699ff6cb429b97ac44184ce85a0aed92bd49f8c4b16c73df')
  const encryptionKey = await generatePskEncryptionKey(secret)
  const fulfillmentKey = await generateFulfillmentKey(secret)
  expect(encryptionKey.toString('hex')).toBe('3f8f12c9f2be99d32bd615fdf212e96f47911242556f4f32c75241ba1149cc57')
  expect(fulfillmentKey.toString('hex')).toBe('aa044d1508fde0fbff6956f1daf210235dc396810be76ad27bab497f5707f31d')
  expect((await decrypt(encryptionKey, envelope)).toString('hex')).toBe('63000cff4d1f')
  const fulfillment = await generateFulfillment(fulfillmentKey, envelope)
  expect(fulfillment.toString('hex')).toBe('18063849e5ec58e3527098319849b6b7c607e97c77410d44366c78c13be26b27')
  const condition = createHash('sha256').update(fulfillment).digest('hex')
  expect(condition).toBe('8c1e5999a50fbe1afb92f0a39485cac876f45b5499c8fb8268aa14e5b50b90bb')
})
