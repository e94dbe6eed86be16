import { beforeEach, describe, expect, it } from 'vitest'
import { TestConnector } from '../testing/test-connector.js'

let node: TestConnector

beforeEach(async () => {
  node = await TestConnector.open()
})

describe('a destination', () => {
  it('that no route leads to is refused with F02', async () => {
    const reply = await node.sendFrom(node.alice, { destination: 'test.nobody.carol' })
    const message = `no route found. source=${node.alice.id} destination=test.nobody.carol`
    expect(reply).toMatchObject({ code: 'F02', triggeredBy: 'test.kivuko', message })
  })

  it.each(['test.kivuko.unknown', 'test.kivuko.local-account.below', 'test.kivuko.bob'])(
    'under our own address that is no account of ours is refused with F02: %s',
    async (destination) => {
      expect(await node.sendFrom(node.alice, { destination })).toMatchObject({ code: 'F02' })
    },
  )

  it('under our own address may be a peer of ours', async () => {
    await node.addPeer({
      ...node.bob,
      id: node.bob.id.replace(/^0/, '1'),
      name: 'child',
      staticIlpAddress: 'test.kivuko.child',
    })
    await node.sendFrom(node.alice, { destination: 'test.kivuko.child.dora' })
    expect(node.sent).toMatchObject([{ peer: 'child' }])
  })

  it('on the live network is refused by a node on a test network', async () => {
    await node.addPeer({ ...node.bob, id: node.bob.id.replace(/^0/, '1'), routes: ['g'] })
    expect(await node.sendFrom(node.alice, { destination: 'g.bank.carol' })).toMatchObject({
      code: 'F02',
      message: 'this node is on another network. destination=g.bank.carol node=test.kivuko',
    })
  })

  it.each(['self.bank', 'local.bank'])(
    'that means something only on one machine is never sent on: %s',
    async (destination) => {
      await node.addPeer({ ...node.bob, id: node.bob.id.replace(/^0/, '1'), routes: ['self', 'local'] })
      expect(await node.sendFrom(node.alice, { destination })).toMatchObject({ code: 'F02' })
      expect(node.sent).toEqual([])
    },
  )

  it.each(['test.kivuko.unknown', 'g.bank.carol', 'peer.bob', 'peer.config.x', 'self.bank', 'local.bank'])(
    'leaves by no default route when it is ours, of the other network, or for one link only: %s',
    async (destination) => {
      const routes = ['test', 'g', 'peer', 'self', 'local']
      await node.addPeer({ ...node.bob, id: node.bob.id.replace(/^0/, '1'), name: 'default', routes })
      const reply = await node.sendFrom(node.alice, { destination })
      expect(reply).toMatchObject({ type: 'reject', code: destination.startsWith('peer.') ? 'F01' : 'F02' })
      expect(node.sent).toEqual([])
      expect((await node.sendFrom(node.alice, { destination: 'test.carol' })).type).toBe('fulfill')
    },
  )

  it('is not sent back to the peer it came from', async () => {
    const message = `the only route leads back to its source. source=${node.bob.id} destination=test.bob.account`
    expect(await node.sendFrom(node.bob, { destination: 'test.bob.account' })).toMatchObject({ code: 'F02', message })
    expect(node.sent).toEqual([])
  })

  it('is sent back to a peer whose packets may return, and moves no money', async () => {
    const bob = node.changePeer(node.bob, { reflectPayments: true })
    expect(await node.sendFrom(bob, { destination: 'test.bob.account' })).toMatchObject({ type: 'fulfill' })
    expect(node.sent).toMatchObject([{ peer: 'bob', prepare: { amount: 10_000n } }])
    expect([await node.gains(bob), await node.openReservations()]).toEqual([[0n], 0])
  })

  it('is sent to another peer of the route rather than back', async () => {
    const bob = node.changePeer(node.bob, { reflectPayments: true })
    await node.addPeer({ ...bob, id: bob.id.replace(/^0/, '1'), name: 'carol', staticIlpAddress: 'test.bob' })
    await node.sendFrom(bob, { destination: 'test.bob.account' })
    expect(node.sent).toMatchObject([{ peer: 'carol' }])
  })

  it('is not found when the route names a peer that is gone', async () => {
    node.routing.setPeer(node.alice.tenantId, { peerId: 'gone', assetId: 'gone' }, ['test.gone'])
    expect(await node.sendFrom(node.alice, { destination: 'test.gone' })).toMatchObject({ code: 'F02' })
  })

  it("is looked up among the routes of the source's tenant only", async () => {
    const stranger = { ...node.alice, tenantId: 'another-tenant' }
    expect(await node.sendFrom(stranger, {})).toMatchObject({ code: 'F02', triggeredBy: 'test.kivuko.another-tenant' })
  })
})
