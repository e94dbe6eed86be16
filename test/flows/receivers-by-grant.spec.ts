import { afterAll, beforeAll, expect, it } from 'vitest'
import { z } from 'zod'
import { AuthorizationServer } from '../harness/authorization-server.js'
import { amount, type Customer, openAsset, openCustomer } from '../harness/network.js'
import { startNode, type TestNode } from '../harness/node.js'

let authorizationServer: AuthorizationServer
let own: TestNode
let other: TestNode
let bob: Customer

beforeAll(async () => {
  authorizationServer = await AuthorizationServer.start()
  // Without the development token this node has no other way in than a grant and its signature.
  const stranger = { OPEN_PAYMENTS_DEV_TOKEN: '', OPEN_PAYMENTS_ALLOW_LOCAL_CLIENTS: 'true' }
  own = await startNode({ name: 'a', env: stranger })
  other = await startNode({ name: 'b', env: authorizationServer.settings })
  bob = await openCustomer(other, 'bob', await openAsset(other, 'EUR', 2))
})
afterAll(async () => {
  await own?.stop()
  await other?.stop()
  await authorizationServer?.close()
})

it("a node asks for money at another node's wallet address, and reads it, by grants and its own key", async () => {
  const made = await own.admin.createReceiver(bob.url, amount(2_500n, bob.asset))
  expect(made).toMatchObject({ walletAddressUrl: bob.url, incomingAmount: { value: 2_500n }, completed: false })
  const query = 'query ($id: String!) { receiver(id: $id) { id receivedAmount { value } } }'
  const again = await own.admin.client.request(query, { id: made.id }, z.unknown())
  expect(again).toEqual({ receiver: { id: made.id, receivedAmount: { value: '0' } } })
  const asked = authorizationServer.asked.map(({ access }) => access)
  expect(asked).toEqual([
    [{ type: 'incoming-payment', actions: ['create'], identifier: bob.url }],
    [{ type: 'incoming-payment', actions: ['read'], identifier: bob.url }],
  ])
})

it('what the other node refuses is told with its reason', async () => {
  const inUsd = amount(1n, { ...bob.asset, code: 'USD' })
  await expect(own.admin.createReceiver(bob.url, inUsd)).rejects.toThrow('must be in EUR (scale 2)')
  await expect(own.admin.createReceiver(`${other.openPaymentsUrl}/nobody`)).rejects.toThrow(
    'No wallet address was found',
  )
})
