import { type Customer, openAsset, openCustomer, peerWith } from '../harness/network.js'
import { startNode, type TestNode } from '../harness/node.js'
import { RedisServer } from '../harness/redis.js'
import { KillableDatabase } from './killable-database.js'
import { Wire } from './wire.js'

export const WORKER = 'worker'
export const DOORS = 'connector,open-payments,admin'

/** Short, so that a fault is over within seconds: each is a setting an operator has. */
const SETTINGS = {
  LOG_LEVEL: 'fatal',
  DATABASE_POOL_SIZE: '4',
  WORKER_LEASE_MS: '3000',
  MIN_MESSAGE_WINDOW_MS: '200',
  MAX_HOLD_TIME_MS: '2000',
  TIGERBEETLE_TWO_PHASE_TIMEOUT_SECONDS: '8',
  QUOTE_LIFESPAN: '20000',
  WEBHOOK_TIMEOUT: '1000',
} as const

// A packet is under way for about this long, so that whatever fails, some are.
const LATENCY_MS = 25
// Several packets a payment.
const MAX_PACKET_AMOUNT = 400n

/** One node, the database it stands on, and what other nodes reach it through. */
export interface Site {
  readonly node: TestNode
  readonly database: KillableDatabase
  readonly publicWire: Wire
}

export interface Lane {
  readonly from: Customer
  readonly to: Customer
}

/**
 * Node a and node b, each of two processes (the doors and the worker) on a database server of its own, and node c behind
 * b, which a reaches through b only. One of a and b has its queue on Redis where there is one, the other in Postgres. All
 * HTTP between nodes goes over wires of the test's.
 */
export class FaultyNetwork {
  private constructor(
    readonly a: Site,
    readonly b: Site,
    readonly c: Site,
    /** Packets, by who sends them to whom. */
    readonly packetWires: ReadonlyMap<string, Wire>,
    readonly redis: { readonly server: RedisServer; readonly site: Site } | undefined,
    readonly lanes: readonly Lane[],
  ) {}

  static async start(queueOnRedis: 'a' | 'b' | undefined): Promise<FaultyNetwork> {
    const [databaseA, databaseB] = await Promise.all([KillableDatabase.start(), KillableDatabase.start()])
    const redisServer = queueOnRedis === undefined ? undefined : await RedisServer.start()
    const open = (name: string, database: KillableDatabase, processes: readonly string[]) =>
      openSite(name, database, processes, name === queueOnRedis ? redisServer : undefined)
    const [a, b, c] = await Promise.all([
      open('a', databaseA, [DOORS, WORKER]),
      open('b', databaseB, [DOORS, WORKER]),
      // Below b, so that a's only peer is the way to it.
      open('b.c', databaseB, [`${DOORS},${WORKER}`]),
    ])
    const assets = {
      a: await openAsset(a.node, 'USD', 2),
      b: await openAsset(b.node, 'USD', 2),
      c: await openAsset(c.node, 'USD', 2),
    }
    const eurAtB = await openAsset(b.node, 'EUR', 2)
    const wires = new Map<string, Wire>()
    const link = async (from: Site, to: Site, asset: typeof assets.a) => {
      const wire = await Wire.start(LATENCY_MS)
      wire.target = to.node.connectorUrl
      wires.set(`${from.node.name} to ${to.node.name}`, wire)
      await peerWith(from.node, to.node, asset, { endpoint: `${wire.url}/ilp`, maxPacketAmount: MAX_PACKET_AMOUNT })
    }
    await link(a, b, assets.a)
    await link(b, a, assets.b)
    await link(b, c, assets.b)
    await link(c, b, assets.c)
    const alice = await openCustomer(a.node, 'alice', assets.a)
    const andy = await openCustomer(a.node, 'andy', assets.a)
    const bob = await openCustomer(b.node, 'bob', eurAtB)
    const brenda = await openCustomer(b.node, 'brenda', assets.b)
    const bea = await openCustomer(b.node, 'bea', assets.b)
    const carol = await openCustomer(c.node, 'carol', assets.c)
    const lanes = [
      { from: alice, to: andy },
      { from: alice, to: brenda },
      { from: andy, to: bob },
      { from: brenda, to: alice },
      { from: brenda, to: bea },
      { from: alice, to: carol },
      { from: carol, to: brenda },
    ]
    const redis = redisServer && { server: redisServer, site: queueOnRedis === 'a' ? a : b }
    return new FaultyNetwork(a, b, c, wires, redis, lanes)
  }

  get sites(): readonly Site[] {
    return [this.a, this.b, this.c]
  }

  get wires(): readonly Wire[] {
    return [...this.packetWires.values(), ...this.sites.map(({ publicWire }) => publicWire)]
  }

  async stop(): Promise<void> {
    await Promise.all(this.sites.map(({ node }) => node.stop()))
    await Promise.all(this.wires.map((wire) => wire.close()))
    await this.redis?.server.kill()
    await Promise.all([this.a.database.stop(), this.b.database.stop()])
  }
}

async function openSite(
  name: string,
  database: KillableDatabase,
  processes: readonly string[],
  redis: RedisServer | undefined,
): Promise<Site> {
  const publicWire = await Wire.start()
  const env = { ...SETTINGS, OPEN_PAYMENTS_URL: publicWire.url, ...(redis && { REDIS_URL: redis.url }) }
  const node = await startNode({ name, env, processes, database: await database.database(name) })
  publicWire.target = `http://127.0.0.1:${node.env.OPEN_PAYMENTS_PORT}`
  return { node, database, publicWire }
}
