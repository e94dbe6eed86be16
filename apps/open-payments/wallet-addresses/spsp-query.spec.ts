import { describe, expect, it } from 'vitest'
import { acceptsSpsp } from './acceptable.js'
import { receiptSetupOf } from './spsp-query.js'

const nonce = Buffer.alloc(16, 1)
const secret = Buffer.alloc(32, 255)
const both = { 'receipt-nonce': nonce.toString('base64'), 'receipt-secret': secret.toString('base64') }

describe('a client asks for SPSP', () => {
  it.each(['application/spsp4+json', 'application/json, application/SPSP4+json', 'application/spsp4+json;q=0.5'])(
    'with Accept %s',
    (accept) => expect(acceptsSpsp(accept)).toBe(true),
  )
  it.each([
    undefined,
    '',
    '*/*',
    'application/*',
    'application/json',
    'application/spsp+json',
    'application/spsp4+json;q=0',
  ])('but not with %s', (accept) => expect(acceptsSpsp(accept)).toBe(false))
})

describe('receipts', () => {
  it('are wanted with both headers, and not with none', () => {
    expect(receiptSetupOf(both)).toEqual({ nonce, secret })
    expect(receiptSetupOf({ ...both, 'receipt-secret': secret.toString('base64url') })).toEqual({ nonce, secret })
    expect(receiptSetupOf({})).toBeUndefined()
  })

  it.each([
    ['no secret', { 'receipt-nonce': both['receipt-nonce'] }, 'must accompany each other'],
    ['no nonce', { 'receipt-secret': both['receipt-secret'] }, 'must accompany each other'],
    ['a short nonce', { ...both, 'receipt-nonce': 'AAAA' }, 'Receipt-Nonce must be 16 bytes in base64, found 4'],
    ['a long secret', { ...both, 'receipt-secret': Buffer.alloc(33).toString('base64') }, 'Receipt-Secret must be 32'],
    ['text', { ...both, 'receipt-nonce': 'not base64 at all, no' }, 'Receipt-Nonce must be 16 bytes'],
  ])('are refused with %s', (_, headers, why) => {
    expect(() => receiptSetupOf(headers)).toThrow(why)
  })
})
