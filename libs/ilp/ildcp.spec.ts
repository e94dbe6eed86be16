import { describe, expect, it } from 'vitest'
import { conditionOf, fulfillmentMatches } from './condition.js'
import {
  decodeIldcpResponse,
  encodeIldcpResponse,
  ILDCP_DESTINATION,
  PEER_PROTOCOL_CONDITION,
  PEER_PROTOCOL_FULFILLMENT,
} from './ildcp.js'
import { fulfill } from './packet.js'
import { decodePrepare, encodePrepare } from './prepare.js'
import { decodeReply, encodeReply } from './reply.js'

// The published vectors of ilp-protocol-ildcp.
const REQUEST = Buffer.from(
  '0c460000000000000000323031353036313630303031303030303066687aadf862bd776c8fc18b8e9f8e20089714856ee233b3902a591d0d5f29250b706565722e636f6e66696700',
  'hex',
)
const RESPONSE = Buffer.from(
  '0d350000000000000000000000000000000000000000000000000000000000000000140e6578616d706c652e636c69656e740d0358414d',
  'hex',
)

describe('ILDCP', () => {
  it('reads and writes the published request', () => {
    const request = {
      amount: 0n,
      expiresAt: new Date('2015-06-16T00:01:00.000Z'),
      executionCondition: PEER_PROTOCOL_CONDITION,
      destination: ILDCP_DESTINATION,
      data: Buffer.alloc(0),
    }
    expect(decodePrepare(REQUEST)).toEqual(request)
    expect(encodePrepare(request)).toEqual(REQUEST)
  })

  it('reads and writes the published response', () => {
    const response = { clientAddress: 'example.client', assetScale: 13, assetCode: 'XAM' }
    const reply = decodeReply(RESPONSE)
    expect(reply.type === 'fulfill' && reply.fulfillment).toEqual(PEER_PROTOCOL_FULFILLMENT)
    expect(decodeIldcpResponse(reply.data)).toEqual(response)
    expect(encodeReply(fulfill(PEER_PROTOCOL_FULFILLMENT, encodeIldcpResponse(response)))).toEqual(RESPONSE)
  })

  it('refuses a response with an invalid address', () => {
    expect(() => decodeIldcpResponse(Buffer.from('0461626364000358414d', 'hex'))).toThrow('"abcd" is no ILP address')
  })
})

describe('conditions', () => {
  it('the peer protocols use 32 zero bytes and their SHA-256', () => {
    expect(conditionOf(PEER_PROTOCOL_FULFILLMENT)).toEqual(PEER_PROTOCOL_CONDITION)
  })

  it('matches only its own fulfillment', () => {
    // RFC 29 vector: fulfillment and condition of one STREAM packet.
    const fulfillment = Buffer.from('18063849e5ec58e3527098319849b6b7c607e97c77410d44366c78c13be26b27', 'hex')
    const condition = Buffer.from('8c1e5999a50fbe1afb92f0a39485cac876f45b5499c8fb8268aa14e5b50b90bb', 'hex')
    expect(fulfillmentMatches(condition, fulfillment)).toBe(true)
    expect(fulfillmentMatches(condition, PEER_PROTOCOL_FULFILLMENT)).toBe(false)
  })
})
