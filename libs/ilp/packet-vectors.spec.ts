import { describe, expect, it } from 'vitest'
import { decodeAmountTooLarge, encodeAmountTooLarge } from './amount-too-large.js'
import { decodePrepare, encodePrepare } from './prepare.js'
import { decodeReply, encodeReply } from './reply.js'

// The published vectors of ilp-packet (test/data/*.json).
const PREPARE = Buffer.from(
  '0c68000000000000006b323031373132323330313231343035343974e1136dc71c9e5f283bec83461cbf1261c4014f72d48f8dd65453a0b84e7de10d6578616d706c652e616c696365205db343fdc41898f6df4202329139dc242dd0f558a811b46b28918fdab37c6cb0',
  'hex',
)
const FULFILL = Buffer.from(
  '0d41c3866b48749ccf113b2e15c25d2407fbfc14476fe7296bb1bf1bcd9e6e41665020673febd78a33b28e1c0db14c9a06251a05fa831ed4ed91ebcd150e7249c2e600',
  'hex',
)
const REJECT = Buffer.from(
  '0e414630310e6578616d706c652e75732e626f62276d697373696e672064657374696e6174696f6e2e206c65646765723d6578616d706c652e75732e06000000041041',
  'hex',
)

describe('the published packets', () => {
  const prepare = {
    amount: 107n,
    expiresAt: new Date('2017-12-23T01:21:40.549Z'),
    executionCondition: Buffer.from('74e1136dc71c9e5f283bec83461cbf1261c4014f72d48f8dd65453a0b84e7de1', 'hex'),
    destination: 'example.alice',
    data: Buffer.from('5db343fdc41898f6df4202329139dc242dd0f558a811b46b28918fdab37c6cb0', 'hex'),
  }
  const reject = {
    type: 'reject',
    code: 'F01',
    triggeredBy: 'example.us.bob',
    message: 'missing destination. ledger=example.us.',
    data: Buffer.from('000000041041', 'hex'),
  } as const

  it('prepare', () => {
    expect(decodePrepare(PREPARE)).toEqual(prepare)
    expect(encodePrepare(prepare)).toEqual(PREPARE)
  })

  it('fulfill', () => {
    const fulfill = decodeReply(FULFILL)
    expect(fulfill).toEqual({
      type: 'fulfill',
      fulfillment: Buffer.from('c3866b48749ccf113b2e15c25d2407fbfc14476fe7296bb1bf1bcd9e6e416650', 'hex'),
      data: Buffer.from('673febd78a33b28e1c0db14c9a06251a05fa831ed4ed91ebcd150e7249c2e600', 'hex'),
    })
    expect(encodeReply(fulfill)).toEqual(FULFILL)
  })

  it('reject', () => {
    expect(decodeReply(REJECT)).toEqual(reject)
    expect(encodeReply(reject)).toEqual(REJECT)
  })

  it('carry both amounts in the data of an F08', () => {
    const amounts = { receivedAmount: 1_041n, maximumAmount: 1_000n }
    const data = Buffer.from('000000000000041100000000000003e8', 'hex')
    expect(encodeAmountTooLarge(amounts)).toEqual(data)
    expect(decodeAmountTooLarge(data)).toEqual(amounts)
    expect(decodeAmountTooLarge(Buffer.alloc(15))).toBeUndefined()
  })
})
