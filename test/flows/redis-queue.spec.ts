import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { z } from 'zod'
import { amount, type Customer, ended, openAsset, openCustomer } from '../harness/network.js'
import { startNode, type TestNode } from '../harness/node.js'
import { hasRedis, RedisServer } from '../harness/redis.js'
import { timed } from '../harness/tries.js'
import { waitFor } from '../harness/wait-for.js'

const readyShape = z.object({ queueLagMs: z.record(z.string(), z.number()) })

describe.skipIf(!hasRedis('whole payments'))('a node with its queue on Redis', () => {
  let redis: RedisServer
  let node: TestNode
  let alice: Customer
  let andy: Customer

  beforeAll(async () => {
    redis = await RedisServer.start()
    node = await startNode({ name: 'redis', env: { REDIS_URL: redis.url, LOG_LEVEL: 'fatal' } })
    const usd = await openAsset(node, 'USD', 2)
    alice = await openCustomer(node, 'alice', usd)
    andy = await openCustomer(node, 'andy', usd)
  })
  afterAll(() => redis.kill())

  async function order(debit: bigint): Promise<string> {
    const { admin } = node
    const { id: receiver } = await admin.createReceiver(andy.url)
    const debitAmount = amount(debit, alice.asset)
    const quote = await admin.createQuote({ walletAddressId: alice.walletAddressId, receiver, debitAmount })
    return (await admin.createOutgoingPayment(alice.walletAddressId, quote.id)).id
  }

  async function lagMs(): Promise<number> {
    const answer = await fetch(new URL('/readyz', node.adminUrl))
    return readyShape.parse(await answer.json()).queueLagMs['outgoing-payments'] ?? 0
  }

  it('pays, and keeps no job in Postgres', async () => {
    const payment = await ended(node, await order(1_000n))
    expect(payment).toMatchObject({ state: 'COMPLETED', sentAmount: { value: 1_000n } })
    expect(await node.database.query("select to_regclass('bullmq.job') as found")).toEqual([{ found: null }])
    expect(await redis.say('KEYS kivuko:test.redis:*')).toContain('outgoing-payments')
  })

  it('accepts payments while Redis is away, and completes them when it is back with nothing in it', async () => {
    await redis.kill()
    const ids = [await order(700n), await order(300n)]
    await waitFor('the queue is seen to lag', async () => (await lagMs()) > 0)
    await redis.restart()
    for (const id of ids) expect(await ended(node, id)).toMatchObject({ state: 'COMPLETED' })
    await waitFor('nothing lags', async () => (await lagMs()) === 0)
    expect((await node.audit()).findings).toEqual([])
  })

  it('stops in order while Redis is away', timed, async () => {
    await redis.kill()
    const startedAt = performance.now()
    await node.stop()
    expect(performance.now() - startedAt).toBeLessThan(10_000)
  })
})
