import { describe, expect, it } from 'vitest'
import { signedMessage } from './sign.js'

const EVENT = {
  type: 'incoming_payment.completed',
  id: '00000000-0000-4000-8000-00000000000a',
  data: { z: null, amount: { value: '9100', assetCode: 'EUR' } },
}
const KEY = { secret: 'iyIgCprjb9uL8wFckR+pLEkJWMB7FJhgkvqhTQR/964=', version: 1 }
const NOW_MS = 1_700_000_000_000

describe('signedMessage', () => {
  it('sends id, type and data in canonical form: sorted keys, no spaces', () => {
    expect(signedMessage(EVENT, KEY, NOW_MS).body).toBe(
      '{"data":{"amount":{"assetCode":"EUR","value":"9100"},"z":null},"id":"00000000-0000-4000-8000-00000000000a","type":"incoming_payment.completed"}',
    )
  })

  it('signs "<t>.<body>" as openssl does', () => {
    // printf '%s' '1700000000000.<body>' | openssl dgst -sha256 -hmac '<secret>'
    expect(signedMessage(EVENT, KEY, NOW_MS).headers['rafiki-signature']).toBe(
      't=1700000000000, v1=c8b6c0ff431d9fdb17ecd302de3772636ac9a88cc4ac9c5ed849f552bd770e4e',
    )
  })

  it('names the version of its secret', () => {
    expect(signedMessage(EVENT, { ...KEY, version: 3 }, NOW_MS).headers['rafiki-signature']).toMatch(
      /^t=1700000000000, v3=[0-9a-f]{64}$/,
    )
  })

  it('is signed with both secrets while they change, the former first', () => {
    const both = signedMessage(EVENT, { ...KEY, formerSecret: KEY.secret, secret: 'new' }, NOW_MS)
    const alone = signedMessage(EVENT, { ...KEY, secret: 'new' }, NOW_MS).headers['rafiki-signature']
    expect(both.headers['rafiki-signature']).toBe(
      `t=1700000000000, v1=c8b6c0ff431d9fdb17ecd302de3772636ac9a88cc4ac9c5ed849f552bd770e4e, ${alone?.split(', ')[1]}`,
    )
  })
})
