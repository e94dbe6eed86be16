import { ECHO_RESPONSE, encodeEchoRequest, PEER_PROTOCOL_CONDITION } from '@kivuko/ilp'
import { beforeEach, describe, expect, it } from 'vitest'
import { TestConnector } from '../testing/test-connector.js'
import { CONDITION, FULFILLMENT } from '../testing/test-receiver.js'

let node: TestConnector

beforeEach(async () => {
  node = await TestConnector.open()
})

const ping = (from: string) => ({
  destination: 'test.kivuko',
  data: encodeEchoRequest(from),
  executionCondition: CONDITION,
})

describe('a ping of this node', () => {
  it('comes back to its sender with amount and condition as they were, and costs nobody anything', async () => {
    const reply = await node.sendFrom(node.alice, ping('test.alice.pinger'))
    expect(reply).toMatchObject({ type: 'fulfill', fulfillment: FULFILLMENT })
    expect(node.sent).toMatchObject([
      {
        peer: 'alice',
        prepare: {
          destination: 'test.alice.pinger',
          data: ECHO_RESPONSE,
          amount: 10_000n,
          executionCondition: CONDITION,
        },
      },
    ])
    expect(await node.gains(node.alice)).toEqual([0n])
    expect(await node.ledger.statement(BigInt(`0x${node.alice.id.replaceAll('-', '')}`), { limit: 5 })).toHaveLength(1)
  })

  it('that asks for its answer elsewhere pays for the way there, as any packet does', async () => {
    await node.sendFrom(node.alice, ping('test.bob.pinger'))
    expect(node.sent).toMatchObject([{ peer: 'bob', prepare: { destination: 'test.bob.pinger' } }])
    expect(await node.gains(node.alice, node.bob)).toEqual([-10_000n, 10_000n])
  })

  it('is known by where it went', async () => {
    await node.sendFrom(node.alice, ping('test.bob.pinger'))
    expect(node.last).toMatchObject({ isSent: true, destination: { kind: 'peer', id: node.bob.id } })
  })

  it.each(['test.kivuko', 'peer.config', 'test.nobody'])(
    'goes nowhere when it asks for its answer at %s',
    async (from) => {
      const reply = await node.sendFrom(node.alice, { ...ping(from), executionCondition: PEER_PROTOCOL_CONDITION })
      expect(reply).toMatchObject({ code: 'F02' })
      expect(node.sent).toEqual([])
    },
  )

  it.each([
    [Buffer.alloc(0), 'packet data too short for echo request. length=0'],
    [Buffer.alloc(17), 'packet data does not start with ECHO prefix.'],
    [ECHO_RESPONSE, 'unexpected ping response. type=1'],
  ])('is refused with F01 when it is none: %s', async (data, message) => {
    expect(await node.sendFrom(node.alice, { ...ping('test.alice'), data })).toMatchObject({ code: 'F01', message })
  })

  it('does not come to life when it is too late', async () => {
    const expiresAt = new Date(node.clock.nowMs() + 1_500)
    expect(await node.sendFrom(node.alice, { ...ping('test.alice'), expiresAt })).toMatchObject({ code: 'R02' })
  })
})
