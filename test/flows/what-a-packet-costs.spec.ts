import { randomBytes } from 'node:crypto'
import { conditionOf, encodePrepare, encodeReply, fulfill } from '@kivuko/ilp'
import { SystemClock } from '@kivuko/platform'
import { createConnection } from 'ilp-protocol-stream'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { z } from 'zod'
import { CountingPostgres } from '../harness/counting-postgres.js'
import { type Customer, openAsset, openCustomer, PEER_LIQUIDITY } from '../harness/network.js'
import { startNode, type TestNode } from '../harness/node.js'
import { hasRedis, RedisServer } from '../harness/redis.js'
import { credentialsOf, StreamSending } from '../harness/stream-sending.js'
import { waitFor } from '../harness/wait-for.js'
import { answersWith, ScriptedPeer } from '../interop/scripted-peer.js'
import { HttpPlugin } from '../interop/stream-plugin.js'

const PACKETS = 400
const AT_ONCE = 20
// A STREAM sender wants three digits of a rate.
const LARGEST = 1_000n
// A node asks its database and its Redis some things by the clock, each a few times a second.
const BY_THE_CLOCK = { perSecond: 10, once: 20 }
const TOKEN = 'between-the-two'
const FULFILLMENT = Buffer.alloc(32, 5)
const spsp = z.object({ destination_account: z.string(), shared_secret: z.string() })
const clock = new SystemClock()

type Counts = ReadonlyMap<string, number>

let postgres: CountingPostgres
let redis: RedisServer
let node: TestNode
let bob: Customer
let sender: CountingPlugin
let nextHop: ScriptedPeer

/** A peer that sends, and counts its packets. */
class CountingPlugin extends HttpPlugin {
  sent = 0

  override async sendData(body: Buffer): Promise<Buffer> {
    this.sent += 1
    return super.sendData(body)
  }
}

/** What the act made of each statement and of each command of Redis, where it was more than a node makes by the clock. */
async function costOf(act: () => Promise<unknown>): Promise<{ statements: Counts; commands: Counts }> {
  const startedMs = performance.now()
  const [statements, commands] = [await postgres.counts(), await commandCounts()]
  await act()
  const [statementsAfter, commandsAfter] = [await postgres.counts(), await commandCounts()]
  const byTheClock = BY_THE_CLOCK.once + (BY_THE_CLOCK.perSecond * (performance.now() - startedMs)) / 1_000
  expect(byTheClock, 'packets come so slowly that nothing is shown').toBeLessThan(PACKETS)
  return {
    statements: grown(statements, statementsAfter, byTheClock),
    commands: grown(commands, commandsAfter, byTheClock),
  }
}

function grown(before: Counts, after: Counts, byTheClock: number): Counts {
  const counts = Array.from(after, ([what, count]) => [what, count - (before.get(what) ?? 0)] as const)
  return new Map(counts.filter(([, count]) => count > byTheClock))
}

async function commandCounts(): Promise<Counts> {
  const lines = (await redis.say('INFO commandstats')).matchAll(/^cmdstat_(\S+):calls=(\d+)/gm)
  return new Map(Array.from(lines, ([, command = '', calls = '']) => [command, Number.parseInt(calls, 10)]))
}

async function forwardOne(number: number): Promise<void> {
  const reply = await sender.sendData(
    encodePrepare({
      amount: 10n,
      expiresAt: new Date(clock.nowMs() + 20_000),
      executionCondition: conditionOf(FULFILLMENT),
      destination: 'test.next.account',
      data: Buffer.from(`packet ${number}`),
    }),
  )
  expect(reply[0], 'the type of a fulfill').toBe(13)
}

async function forward(packets: number): Promise<void> {
  const numbers = Array.from({ length: packets }, (_, number) => number).values()
  const lane = async () => {
    for (const number of numbers) await forwardOne(number)
  }
  await Promise.all(Array.from({ length: AT_ONCE }, lane))
}

/** To the wallet address itself. */
async function sendToWallet(packets: number, headers: Readonly<Record<string, string>>): Promise<void> {
  const answer = await fetch(bob.url, { headers: { accept: 'application/spsp4+json', ...headers } })
  const { destination_account: destinationAccount, shared_secret } = spsp.parse(await answer.json())
  const sharedSecret = Buffer.from(shared_secret, 'base64url')
  const connection = await createConnection({ plugin: sender, destinationAccount, sharedSecret, slippage: 0.05 })
  await connection.createStream().sendTotal(`${BigInt(packets) * LARGEST}`, { timeout: 60_000 })
  await connection.end()
}

describe.skipIf(!hasRedis('the cost of a packet'))('a packet at a whole node', () => {
  beforeAll(async () => {
    const nothingYet = [CountingPostgres.start(), RedisServer.start(), ScriptedPeer.start()] as const
    ;[postgres, redis, nextHop] = await Promise.all(nothingYet)
    node = await startNode({ name: 'a', env: { DATABASE_URL: postgres.url, REDIS_URL: redis.url } })
    const asset = await openAsset(node, 'USD', 2)
    bob = await openCustomer(node, 'bob', asset)
    sender = new CountingPlugin(TOKEN, () => node.connectorUrl)
    await sender.start()
    const ofBoth = { assetId: asset.id, outgoingToken: TOKEN, maxPacketAmount: LARGEST }
    const source = { name: 'sender', staticIlpAddress: 'test.sender', endpoint: sender.url, incomingToken: TOKEN }
    const next = { name: 'next', staticIlpAddress: 'test.next', endpoint: nextHop.url, incomingToken: 'of-nobody' }
    await node.admin.depositPeerLiquidity(await node.admin.createPeer({ ...ofBoth, ...source }), PEER_LIQUIDITY)
    await node.admin.createPeer({ ...ofBoth, ...next })
    nextHop.does(answersWith(200, encodeReply(fulfill(FULFILLMENT))))
    await forward(AT_ONCE)
    await sendToWallet(AT_ONCE, {})
  })
  afterAll(async () => {
    await sender?.disconnect()
    await nextHop?.close()
    await node?.stop()
    await redis?.kill()
    await postgres?.stop()
  })

  it('that is forwarded costs the ledger and nothing else', async () => {
    const { statements, commands } = await costOf(() => forward(PACKETS))
    expectLedgerOnly(statements, 2 * PACKETS)
    expect(Object.fromEntries(commands)).toEqual({})
  })

  it('that ends here costs the ledger and nothing else', async () => {
    sender.sent = 0
    const { statements, commands } = await costOf(() => sendToWallet(PACKETS, {}))
    expect(sender.sent).toBeGreaterThanOrEqual(PACKETS)
    expectLedgerOnly(statements, sender.sent)
    expect(Object.fromEntries(commands)).toEqual({})
  })

  it('that ends at an incoming payment costs the ledger and nothing else, also when packets come one by one', async () => {
    const { id } = await node.admin.createIncomingPayment(bob.walletAddressId)
    const sending = new StreamSending(credentialsOf(node, id))
    await sending.send(sender, 1n)
    const { statements, commands } = await costOf(async () => {
      for (let packets = 0; packets < PACKETS; packets++) {
        expect((await sending.send(sender, 10n)).type).toBe('fulfill')
      }
    })
    expectLedgerOnly(statements, PACKETS)
    expect(Object.fromEntries(commands)).toEqual({})
    const received = async () => (await node.admin.incomingPayment(id)).receivedAmount.value
    await waitFor('the row shows what came', async () => (await received()) === 10n * BigInt(PACKETS) + 1n)
  })

  it('that ends here and gets a receipt adds one call of Redis', async () => {
    const nonce = { 'receipt-nonce': randomBytes(16).toString('base64') }
    const secret = { 'receipt-secret': randomBytes(32).toString('base64') }
    sender.sent = 0
    const { statements, commands } = await costOf(() => sendToWallet(PACKETS, { ...nonce, ...secret }))
    expectLedgerOnly(statements, sender.sent)
    const receipts = commands.get('incrby') ?? 0
    expect(receipts).toBeGreaterThanOrEqual(PACKETS)
    expect(receipts).toBeLessThanOrEqual(sender.sent)
    // The script's own: the sum, the time it is kept for, the answer. The first calls may find Redis without the script.
    const ofScript = { incrby: receipts, expire: receipts, get: receipts }
    expect(Object.fromEntries(commands)).toEqual({ evalsha: expect.any(Number), ...ofScript })
    expect((commands.get('evalsha') ?? 0) - receipts).toBeLessThan(AT_ONCE)
  })
})

/** At most so many calls of the ledger's one function for batches, and nothing else that packets made. */
function expectLedgerOnly(statements: Counts, atMost: number): void {
  const isOfLedger = (text: string) => text.startsWith('select ledger_apply_all(')
  expect([...statements.keys()].filter((text) => !isOfLedger(text))).toEqual([])
  for (const calls of statements.values()) expect(calls).toBeLessThanOrEqual(atMost)
}
