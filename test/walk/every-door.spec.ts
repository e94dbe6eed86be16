import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { AuthorizationServer } from '../harness/authorization-server.js'
import { SigningClient } from '../harness/authorization-server-client.js'
import { freePorts } from '../harness/listen.js'
import { startNode, type TestNode } from '../harness/node.js'
import { AdminOperations } from './admin-operations.js'
import { walkAdminRoutes } from './admin-routes.js'
import { AdminWalk } from './admin-walk.js'
import { ConnectorWalk } from './connector-walk.js'
import { DatabaseWatch } from './database-watch.js'
import { DoorRoutes } from './door-routes.js'
import { letEverythingHappen } from './happenings.js'
import { walkMonitoring } from './monitoring-walk.js'
import { RestWalk } from './rest-walk.js'
import { Tally } from './tally.js'
import { TenantWorld } from './tenant-world.js'
import { walkWebhooks } from './webhook-walk.js'

// Under a minute on an idle machine.
const WALK_MS = 600_000

const routes = new DoorRoutes()
const tally = new Tally()
let authorizationServer: AuthorizationServer
let client: SigningClient
let otherClient: SigningClient
let node: TestNode
let operations: AdminOperations
let victim: TenantWorld
let rival: TenantWorld
let watch: DatabaseWatch

beforeAll(async () => {
  routes.listen()
  authorizationServer = await AuthorizationServer.start()
  client = await SigningClient.start()
  otherClient = await SigningClient.start()
  const [monitoring] = await freePorts(1)
  const settings = { MONITORING_PORT: `${monitoring}`, WITHDRAWAL_THROTTLE_DELAY: '300' }
  node = await startNode({ name: 'a', env: { ...settings, ...authorizationServer.settings } })
  operations = await AdminOperations.offeredTo(node.admin.client)
  victim = await TenantWorld.open('ferry', node, operations)
  rival = await TenantWorld.open('rival', node, operations)
  await Promise.all([letEverythingHappen(victim), letEverythingHappen(rival)])
  watch = await DatabaseWatch.of(node.database)
})
afterAll(async () => {
  routes.stop()
  await node?.stop()
  await Promise.all([victim, rival, client, otherClient, authorizationServer].map((opened) => opened?.close()))
})

describe('no stranger and no other tenant gets through:', () => {
  it('what is told by webhooks', async () => {
    await walkWebhooks({ worlds: [victim, rival], watch, tally })
    expect(node.operator.events.filter(({ data }) => JSON.stringify(data).includes('ferry'))).toEqual([])
    expect(tally.holes).toEqual([])
  })

  it('the node without a worker, so that what changes in the database was changed by a call', async () => {
    await node.restart({ ROLES: 'connector,open-payments,admin' })
    const walked = [node.adminUrl, node.openPaymentsUrl, node.connectorUrl].map((url) => Number(new URL(url).port))
    expect(routes.ports.sort(), 'every Fastify server is a door of this walk').toEqual(walked.sort())
  })

  it(
    'the admin door',
    async () => {
      await new AdminWalk({ node, operations, victim, rival, watch, tally }).everyOperation()
      expect(tally.holes).toEqual([])
    },
    WALK_MS,
  )

  it('the admin door’s other routes', async () => {
    await walkAdminRoutes(routes.at(node.adminUrl), { node, victim, tally })
    expect(tally.holes).toEqual([])
  })

  it(
    'the Open Payments door',
    async () => {
      const parts = { authorizationServer, client, otherClient, victim, rival, watch, tally }
      await new RestWalk(parts).everyRoute(routes.at(node.openPaymentsUrl))
      expect(tally.holes).toEqual([])
    },
    WALK_MS,
  )

  it('the connector door', async () => {
    const parts = { url: node.connectorUrl, victim, rival, watch, tally }
    await new ConnectorWalk(parts).everyRoute(routes.at(node.connectorUrl))
    expect(tally.holes).toEqual([])
  })

  it('the monitoring door', async () => {
    await walkMonitoring(`http://127.0.0.1:${node.env.MONITORING_PORT}`, tally, [victim, rival])
    expect(tally.holes).toEqual([])
  })
})

it('and every door was tried', () => {
  console.log(tally.table())
  expect(tally.holes).toEqual([])
})
