import { describe, expect, it } from 'vitest'
import { RoutingTable } from './routing-table.js'

const TENANT = 'tenant-1'
const usdPeer = { peerId: 'peer-b', assetId: 'usd' }
const eurPeer = { peerId: 'peer-a', assetId: 'eur' }

describe('RoutingTable', () => {
  it('leads to the peer of the longest prefix', () => {
    const table = new RoutingTable()
    table.setPeer(TENANT, usdPeer, ['test.b', 'test'])
    table.setPeer(TENANT, eurPeer, ['test.a'])
    expect(table.nextHop(TENANT, 'test.a.alice')).toEqual(eurPeer)
    expect(table.nextHop(TENANT, 'test.c.carol')).toEqual(usdPeer)
    expect(table.nextHop(TENANT, 'g.a')).toBeUndefined()
  })

  it("does not use another tenant's routes", () => {
    const table = new RoutingTable()
    table.setPeer(TENANT, usdPeer, ['test'])
    expect(table.nextHop('tenant-2', 'test.b')).toBeUndefined()
  })

  it('chooses the smallest peer id, whatever the order of insertion', () => {
    const [one, other] = [new RoutingTable(), new RoutingTable()]
    one.setPeer(TENANT, usdPeer, ['test'])
    one.setPeer(TENANT, eurPeer, ['test'])
    other.setPeer(TENANT, eurPeer, ['test'])
    other.setPeer(TENANT, usdPeer, ['test'])
    expect(one.nextHop(TENANT, 'test.x')).toEqual(eurPeer)
    expect(other.nextHop(TENANT, 'test.x')).toEqual(eurPeer)
  })

  it('prefers a peer of the same asset', () => {
    const table = new RoutingTable()
    table.setPeer(TENANT, usdPeer, ['test'])
    table.setPeer(TENANT, eurPeer, ['test'])
    expect(table.nextHop(TENANT, 'test.x', { preferAssetId: 'usd' })).toEqual(usdPeer)
    expect(table.nextHop(TENANT, 'test.x', { preferAssetId: 'jpy' })).toEqual(eurPeer)
  })

  it('never leads back to where the packet came from, nor around by a shorter prefix', () => {
    const table = new RoutingTable()
    table.setPeer(TENANT, usdPeer, ['test.b'])
    table.setPeer(TENANT, eurPeer, ['test'])
    expect(table.nextHop(TENANT, 'test.b.bob', { except: 'peer-b' })).toBeUndefined()
    expect(table.nextHop(TENANT, 'test.b.bob', { except: 'peer-a' })).toEqual(usdPeer)
  })

  it('takes another peer of the same prefix when the first is where the packet came from', () => {
    const table = new RoutingTable()
    table.setPeer(TENANT, usdPeer, ['test'])
    table.setPeer(TENANT, eurPeer, ['test'])
    expect(table.nextHop(TENANT, 'test.x', { except: 'peer-a', preferAssetId: 'eur' })).toEqual(usdPeer)
  })

  it("replaces a peer's prefixes as a whole", () => {
    const table = new RoutingTable()
    table.setPeer(TENANT, usdPeer, ['test.b', 'test.c'])
    table.setPeer(TENANT, usdPeer, ['test.c', 'test.d', 'test.d'])
    expect(table.nextHop(TENANT, 'test.b')).toBeUndefined()
    expect(table.nextHop(TENANT, 'test.c')).toEqual(usdPeer)
    expect(table.size).toBe(2)
  })

  it('forgets a removed peer, and leaves the others', () => {
    const table = new RoutingTable()
    table.setPeer(TENANT, usdPeer, ['test', 'test.b'])
    table.setPeer(TENANT, eurPeer, ['test'])
    table.removePeer('peer-b')
    table.removePeer('peer-unknown')
    expect(table.nextHop(TENANT, 'test.b.bob')).toEqual(eurPeer)
    expect(table.size).toBe(1)
  })
})
