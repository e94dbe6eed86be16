import { decodeReply, type Reply, reject } from '@kivuko/ilp'
import fc from 'fast-check'
import { beforeEach, describe, expect, it, vi } from 'vitest'
import { ConnectorService } from './connector.service.js'
import { openExchange } from './http/exchange.js'
import { NodeAddress } from './node-address.js'
import { PacketRecords } from './packet-records.js'
import { peerAccount } from './peer-account.js'
import { TENANT_ID } from './testing/accounts.js'
import { bytesOf, LOCAL_ADDRESS, NODE_ADDRESS, NOW_MS, replied, TestConnector } from './testing/test-connector.js'

let node: TestConnector
let connector: ConnectorService

beforeEach(async () => {
  node = await TestConnector.open()
  connector = new ConnectorService({
    pipeline: (packet) => node.handle(packet),
    address: new NodeAddress(NODE_ADDRESS, TENANT_ID),
    clock: node.clock,
    records: new PacketRecords(3),
    metrics: node.connectorMetrics,
    confirmations: node.confirmations,
    places: { onIdle: async () => undefined },
    transport: { close: async () => undefined },
    exchange: openExchange({ connectorUrl: undefined, wire: undefined, clock: node.clock, logger: node.logger }),
    live: node.live,
    abandoned: { close: async () => undefined },
    chargesRepeatsOnce: true,
  })
})

async function send(bytes: Buffer, peer = node.alice): Promise<Reply> {
  return decodeReply(await connector.handle(bytes, peerAccount(peer)))
}

describe('ConnectorService', () => {
  it('answers bytes with bytes', async () => {
    expect((await send(bytesOf())).type).toBe('fulfill')
  })

  it('answers what is no prepare with F01, saying why', async () => {
    expect(await send(Buffer.from('0c03616263', 'hex'))).toMatchObject({
      code: 'F01',
      triggeredBy: NODE_ADDRESS,
      message: 'the packet ends too early: 8 bytes expected at offset 0, 3 are there',
    })
    expect(await send(Buffer.from('not a packet'))).toMatchObject({
      code: 'F01',
      message: 'the packet type is 110: expected a prepare (12)',
    })
  })

  it('takes no packet while it cannot hear of changes', async () => {
    node.isSilent = true
    expect(await send(bytesOf())).toMatchObject({ code: 'T03' })
    expect(node.sent).toEqual([])
  })

  it('sends on without the bytes that followed the packet', async () => {
    await send(Buffer.concat([bytesOf(), Buffer.from('trailing')]))
    expect(node.sent).toHaveLength(1)
  })

  it('waits at its end for what the ledger has not confirmed', async () => {
    const post = node.ledger.post.bind(node.ledger)
    let confirm = () => undefined
    const confirmed = new Promise<void>((resolve) => {
      confirm = () => void resolve()
    })
    vi.spyOn(node.ledger, 'post').mockImplementation(async (ids) => {
      await confirmed
      return post(ids)
    })
    await send(bytesOf({ expiresAt: new Date(NOW_MS + 2_001) }))
    expect(await node.openReservations()).toBe(1)
    const ended = connector.beforeApplicationShutdown()
    confirm()
    await ended
    expect(await node.openReservations()).toBe(0)
  })
})

describe('the records', () => {
  it('show each packet with both sides', async () => {
    node.answerAsPeer = async () => {
      node.clock.advance(25)
      return { kind: 'refused', message: 'ECONNREFUSED' }
    }
    await send(bytesOf({ destination: 'test.emma.account' }))
    expect(connector.recentPackets(10)).toEqual([
      {
        receivedAtMs: NOW_MS,
        durationMs: 25,
        source: { kind: 'peer', id: node.alice.id, assetCode: 'USD', assetScale: 2 },
        destination: { kind: 'peer', id: node.emma.id, assetCode: 'EUR', assetScale: 2 },
        destinationAddress: 'test.emma.account',
        sourceAmount: 10_000n,
        destinationAmount: 9_000n,
        outcome: 'rejected',
        code: 'T01',
        message: 'peer unreachable. peer=test.emma reason=ECONNREFUSED',
      },
    ])
  })

  it('are the last ones, newest first, and no more than fit', async () => {
    for (const amount of [1n, 2n, 3n, 4n, 5n]) await send(bytesOf({ amount }))
    expect(connector.recentPackets(10).map(({ sourceAmount }) => sourceAmount)).toEqual([5n, 4n, 3n])
    expect(connector.recentPackets(2).map(({ sourceAmount }) => sourceAmount)).toEqual([5n, 4n])
  })

  it('are shown to the tenant whose packets they are', async () => {
    await send(bytesOf({ amount: 1n }))
    expect(connector.recentPackets(10, node.alice.tenantId)).toHaveLength(1)
    expect(connector.recentPackets(10, 'another tenant')).toEqual([])
  })
})

describe('the metrics', () => {
  async function sampleOf(name: string, labels: string): Promise<string | undefined> {
    const line = (await node.metrics.text())
      .split('\n')
      .find((text) => text.startsWith(`ilp_connector_${name}{${labels}`))
    return line?.split(' ').at(-1)
  }

  it("count what came in and went out under the classic connector's names", async () => {
    await send(bytesOf({ destination: 'test.emma' }))
    await send(bytesOf({ destination: 'test.nowhere' }))
    const alice = `account="${node.alice.id}",asset="USD",scale="2"`
    const emma = `account="${node.emma.id}",asset="EUR",scale="2"`
    expect(await sampleOf('incoming_ilp_packets', `${alice},result="fulfilled",code=""`)).toBe('1')
    expect(await sampleOf('incoming_ilp_packets', `${alice},result="rejected",code="F02"`)).toBe('1')
    expect(await sampleOf('incoming_ilp_packet_value', `${alice},result="fulfilled"`)).toBe('10000')
    expect(await sampleOf('outgoing_ilp_packets', `${emma},result="fulfilled",code=""`)).toBe('1')
    expect(await sampleOf('outgoing_ilp_packet_value', `${emma},result="fulfilled"`)).toBe('9000')
  })

  it('count nothing as sent that ended here or was refused before', async () => {
    await send(bytesOf({ destination: LOCAL_ADDRESS }))
    await send(bytesOf({ amount: 10n ** 9n }))
    expect(await node.metrics.text()).not.toContain('outgoing_ilp_packets{')
  })

  it('count rate limited packets', async () => {
    const limits = { packetsPerMinute: 1, incomingAmountPerSecond: null, outgoingAmountPerSecond: null }
    const alice = node.changePeer(node.alice, { limits })
    for (const amount of [1n, 2n, 3n]) await send(bytesOf({ amount }), alice)
    expect(await sampleOf('rate_limited_ilp_packets', `account="${alice.id}"`)).toBe('2')
  })

  it('have one series for all of our own payments', async () => {
    for (const _ of [1, 2]) await connector.handle(bytesOf(), await node.openPayment())
    expect(await sampleOf('incoming_ilp_packets', 'account="outgoing-payments"')).toBe('2')
  })
})

describe('whatever comes', () => {
  it('is answered with a packet, and leaves nothing reserved', async () => {
    const original = fc.constantFrom(
      bytesOf(),
      bytesOf({ destination: 'test.emma' }),
      bytesOf({ destination: LOCAL_ADDRESS }),
    )
    const change = fc.record({ at: fc.nat(), byte: fc.nat(255) })
    const cut = fc.oneof({ weight: 4, arbitrary: fc.constant(0) }, { weight: 1, arbitrary: fc.nat(200) })
    await fc.assert(
      fc.asyncProperty(original, fc.array(change, { maxLength: 3 }), cut, async (bytes, changes, length) => {
        const mutated = Buffer.from(bytes.subarray(0, bytes.length - Math.min(length, bytes.length)))
        for (const { at, byte } of changes) if (mutated.length > 0) mutated[at % mutated.length] = byte
        expect(['fulfill', 'reject']).toContain((await send(mutated)).type)
      }),
      { numRuns: 2_000 },
    )
    expect(await node.openReservations()).toBe(0)
    for (const { debitsPosted, creditsPosted } of await node.ledger.totals()) expect(debitsPosted).toBe(creditsPosted)
  })
})

describe('the live view', () => {
  it('tells what packets an account sent and was sent, by their outcome', async () => {
    await send(bytesOf({ destination: 'test.emma' }))
    await send(bytesOf({ amount: 3n, destination: 'test.nowhere' }))
    // Telling the metrics does not start anew what is told here.
    await node.metrics.text()
    await send(bytesOf({ amount: 4n, destination: 'test.nowhere' }))
    const traffic = connector.live.traffic([node.alice.id, node.emma.id, node.bob.id])
    const nothing = { fulfilledPackets: 0, fulfilledAmount: 0n, rejectedPackets: new Map(), rejectedAmount: 0n }
    expect(traffic.get(node.alice.id)).toEqual({
      incoming: {
        fulfilledPackets: 1,
        fulfilledAmount: 10_000n,
        rejectedPackets: new Map([['F02', 2]]),
        rejectedAmount: 7n,
      },
      outgoing: nothing,
    })
    expect(traffic.get(node.emma.id)?.outgoing).toEqual({ ...nothing, fulfilledPackets: 1, fulfilledAmount: 9_000n })
    expect(traffic.has(node.bob.id)).toBe(false)
  })

  it('tells how much of its limits a peer could use now', async () => {
    const limits = { packetsPerMinute: 60, incomingAmountPerSecond: 50_000n, outgoingAmountPerSecond: null }
    const alice = node.changePeer(node.alice, { limits })
    const full = { limit: 50_000n, left: 50_000n }
    expect(connector.live.limitsOf(alice).incomingAmountPerSecond).toEqual(full)
    await send(bytesOf(), alice)
    await send(bytesOf({ amount: 10_001n }), alice)
    expect(connector.live.limitsOf(alice)).toEqual({
      packetsPerMinute: { limit: 60n, left: 58n },
      incomingAmountPerSecond: { limit: 50_000n, left: 29_999n },
      outgoingAmountPerSecond: undefined,
    })
    node.clock.advance(1_000)
    expect(connector.live.limitsOf(alice)).toMatchObject({
      packetsPerMinute: { left: 59n },
      incomingAmountPerSecond: full,
    })
    // A changed limit begins full.
    const changed = { ...alice, limits: { ...limits, packetsPerMinute: 10 } }
    expect(connector.live.limitsOf(changed).packetsPerMinute).toEqual({ limit: 10n, left: 10n })
  })

  it('alerts of a next hop that has no room for our money, and of one that never answers', async () => {
    node.answerAsPeer = async () => replied(reject('T04', 'test.bob.farther', 'exceeded maximum balance.'))
    await send(bytesOf())
    await send(bytesOf({ amount: 1n }))
    node.answerAsPeer = async () => ({ kind: 'lost', message: 'no answer' })
    await send(bytesOf({ destination: 'test.emma', expiresAt: new Date(NOW_MS + 3_000) }))
    // A T04 of our own is no news about anybody else.
    await send(bytesOf({ amount: 10n ** 9n }))
    expect(connector.live.latestAlerts(TENANT_ID, 10)).toMatchObject([
      { kind: 'unresolved', account: { id: node.emma.id }, count: 1 },
      {
        kind: 'no-liquidity-at-peer',
        account: { id: node.bob.id },
        triggeredBy: 'test.bob.farther',
        message: 'exceeded maximum balance.',
        count: 2,
      },
    ])
  })
})
