import { randomBytes, randomUUID } from 'node:crypto'
import { SystemClock } from '@kivuko/platform'
import { serializeIlpPrepare, serializeIlpReject } from 'ilp-packet'
import { createConnection } from 'ilp-protocol-stream'
import { z } from 'zod'
import { listen } from '../harness/listen.js'
import type { TenantWorld } from './tenant-world.js'
import { textAt, textsIn } from './texts.js'

const clock = new SystemClock()
const OCTETS = 'application/octet-stream'

const spsp = z.object({ destination_account: z.string(), shared_secret: z.string() })

/** Brings about, by the doors alone, whatever a tenant's webhooks can tell of. */
export async function letEverythingHappen(world: TenantWorld): Promise<void> {
  const underpaid = world.underpaidPayment()
  const paid = [await world.paidPayment(), await world.paidPayment()]
  const failed = await world.failedPayment()
  await world.act('cancelOutgoingPayment', { input: { id: await world.outgoingPayment() } })
  await fetch(`${world.node.openPaymentsUrl}/${world.name}/nobody`, { headers: { accept: 'application/json' } })
  await payWalletAddress(world)
  await underpaid
  await letLiquidityRunLowAndRecover(world)
  await world.told('incoming_payment.expired')
  world.remains = { paid, failed }
}

/** Money for the wallet address itself, from the tenant's own peer. */
async function payWalletAddress(world: TenantWorld): Promise<void> {
  const answer = await fetch(world.addressOf('payee'), { headers: { accept: 'application/spsp4+json' } })
  const { destination_account: destinationAccount, shared_secret } = spsp.parse(await answer.json())
  const sharedSecret = Buffer.from(shared_secret, 'base64url')
  const connection = await createConnection({ plugin: world.peer, destinationAccount, sharedSecret, slippage: 0.05 })
  await connection.createStream().sendTotal('1000', { timeout: 10_000 })
  await connection.end()
}

/** An alert of the connector: the tenant's peer sends a packet to another one, which has no liquidity for it. */
export async function connectorAlert(world: TenantWorld): Promise<string> {
  const condition = { executionCondition: randomBytes(32), data: Buffer.alloc(0), amount: '1' }
  const reject = serializeIlpReject({
    code: 'T04',
    message: 'no liquidity',
    triggeredBy: 'test.x',
    data: Buffer.alloc(0),
  })
  const poor = await listen((_, response) => response.writeHead(200, { 'content-type': OCTETS }).end(reject))
  const staticIlpAddress = `test.${world.name}-${randomUUID()}`
  const http = { outgoing: { authToken: randomUUID(), endpoint: poor.url } }
  const peerId = await world.create('createPeer', { assetId: world.ids.asset, staticIlpAddress, http }, 'peer')
  const expiresAt = new Date(clock.nowMs() + 10_000)
  await world.peer.sendData(serializeIlpPrepare({ ...condition, expiresAt, destination: staticIlpAddress }))
  await poor.close()
  const alerts = await world.act('connectorAlerts', { limit: 100 })
  return textAt(
    [alerts].flat().find((alert) => textsIn(alert).includes(peerId)),
    'id',
  )
}

// More than the tenant's liquidity, and less.
const HIGH = '1000000000000'
const LOW = '1'

async function letLiquidityRunLowAndRecover(world: TenantWorld): Promise<void> {
  const { asset, peer } = world.ids
  for (const [liquidityThreshold, told] of [
    [HIGH, 'liquidity_low'],
    [LOW, 'liquidity_high'],
  ] as const) {
    await world.act('updateAsset', { input: { id: asset, liquidityThreshold } })
    await world.act('updatePeer', { input: { id: peer, liquidityThreshold } })
    await world.told(`asset.${told}`)
    await world.told(`peer.${told}`)
  }
}
