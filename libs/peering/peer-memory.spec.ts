import { describe, expect, it } from 'vitest'
import { hashToken } from './incoming-tokens.js'
import type { Peer } from './peer.js'
import { PeerMemory } from './peer-memory.js'

const asset = {
  id: 'usd',
  tenantId: 'tenant',
  code: 'USD',
  scale: 2,
  ledger: 1,
  withdrawalThreshold: null,
  liquidityThreshold: null,
  createdAt: new Date(0),
}

function peer(id: string, staticIlpAddress: string, routes: string[] = []): Peer {
  return {
    id,
    tenantId: 'tenant',
    assetId: asset.id,
    asset,
    name: null,
    staticIlpAddress,
    routes,
    maxPacketAmount: null,
    liquidityThreshold: null,
    limits: { packetsPerMinute: null, incomingAmountPerSecond: null, outgoingAmountPerSecond: null },
    outgoingEndpoint: 'https://bank.example/ilp',
    outgoingToken: 'out',
    createdAt: new Date(0),
  }
}

const hop = (memory: PeerMemory, destination: string) => memory.routing.nextHop('tenant', destination)?.peerId

describe('PeerMemory', () => {
  it('routes to a peer by its own address and by each of its routes', () => {
    const memory = new PeerMemory()
    memory.put(peer('b', 'test.bank', ['g', 'test.partner']), [])
    expect(['test.bank.alice', 'g.anyone', 'test.partner', 'test.other'].map((to) => hop(memory, to))).toEqual([
      'b',
      'b',
      'b',
      undefined,
    ])
  })

  it('finds a peer by id, by token, and by asset and address', () => {
    const memory = new PeerMemory()
    memory.put(peer('b', 'test.bank'), [hashToken('one'), hashToken('two')])
    expect(memory.find('b')?.id).toBe('b')
    expect(memory.findByToken('two')?.id).toBe('b')
    expect(memory.findByAddress('usd', 'test.bank')?.id).toBe('b')
    expect(memory.findByAddress('eur', 'test.bank')).toBeUndefined()
    expect(memory.size).toBe(1)
  })

  it('replaces everything about a peer when it changes', () => {
    const memory = new PeerMemory()
    memory.put(peer('b', 'test.bank', ['g']), [hashToken('old')])
    memory.put(peer('b', 'test.moved'), [hashToken('new')])
    expect(['test.bank.x', 'g.x', 'test.moved.x'].map((to) => hop(memory, to))).toEqual([undefined, undefined, 'b'])
    expect(['old', 'new'].map((token) => memory.findByToken(token)?.id)).toEqual([undefined, 'b'])
    expect(memory.findByAddress('usd', 'test.bank')).toBeUndefined()
  })

  it('lets nothing lead to a removed peer', () => {
    const memory = new PeerMemory()
    memory.put(peer('b', 'test.bank', ['g']), [hashToken('one')])
    memory.remove('b')
    expect([hop(memory, 'test.bank'), hop(memory, 'g.x'), memory.findByToken('one'), memory.find('b')]).toEqual([
      undefined,
      undefined,
      undefined,
      undefined,
    ])
    expect(memory.findByAddress('usd', 'test.bank')).toBeUndefined()
  })

  it('keeps an address that passed to another peer', () => {
    const memory = new PeerMemory()
    memory.put(peer('old', 'test.bank'), [])
    memory.put(peer('new', 'test.bank'), [])
    memory.remove('old')
    expect(memory.findByAddress('usd', 'test.bank')?.id).toBe('new')
    expect(hop(memory, 'test.bank')).toBe('new')
  })
})
