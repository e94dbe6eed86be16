import { describe, expect, it } from 'vitest'
import { signatureProblem } from './verify-signature.js'

const SECRET = 'iyIgCprjb9uL8wFckR+pLEkJWMB7FJhgkvqhTQR/964='
const NOW_MS = 1_700_000_000_000
const BODY = {
  id: '00000000-0000-4000-8000-00000000000a',
  type: 'incoming_payment.completed',
  data: { z: null, amount: { value: '9100', assetCode: 'EUR' } },
}
// printf '%s' '1700000000000.<canonical body>' | openssl dgst -sha256 -hmac "$SECRET"
const DIGEST = 'c8b6c0ff431d9fdb17ecd302de3772636ac9a88cc4ac9c5ed849f552bd770e4e'
const HEADER = `t=1700000000000, v1=${DIGEST}`

describe('signatureProblem', () => {
  it('finds nothing wrong with a webhook of the node, however its keys are ordered', () => {
    expect(signatureProblem(HEADER, BODY, SECRET, NOW_MS)).toBeUndefined()
  })

  it.each([
    ['no header', undefined, BODY, SECRET, NOW_MS, 'no Rafiki-Signature'],
    ['a malformed header', 'v1=abc', BODY, SECRET, NOW_MS, 'malformed'],
    ['another body', HEADER, { ...BODY, type: 'incoming_payment.expired' }, SECRET, NOW_MS, 'does not match'],
    ['another secret', HEADER, BODY, 'other', NOW_MS, 'does not match'],
    ['another time', HEADER.replace('000, ', '001, '), BODY, SECRET, NOW_MS, 'does not match'],
    ['an old message', HEADER, BODY, SECRET, NOW_MS + 300_001, 'too old'],
    ['a message of the future', HEADER, BODY, SECRET, NOW_MS - 300_001, 'too old'],
  ])('refuses %s', (_case, header, body, secret, nowMs, problem) => {
    expect(signatureProblem(header, body, secret, nowMs)).toContain(problem)
  })
})
