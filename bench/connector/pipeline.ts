import { createConnector, LocalReceiver, type PeerTransport, peerAccount } from '@kivuko/connector'
import { decodeReply, reject } from '@kivuko/ilp'
import { createLogger, Metrics, SystemClock } from '@kivuko/platform'
import { FixedRates } from '@kivuko/rates'
import { RoutingTable } from '@kivuko/routing'
import { newPeer, openMemoryLedger, TENANT_ID } from './accounts.js'
import { FULFILLED, PrepareBytes } from './packets.js'
import { ROUTES, SLICE_MS, TARGET_IN_FLIGHT, WARM_UP_MS } from './plan.js'

/** Packets per second through the whole pipeline, by the number of routes: no network, no database. */
async function benchPipeline(): Promise<Record<string, number>> {
  const figures: Record<string, number> = {}
  for (const routes of ROUTES) figures[routes] = Math.round(await packetsPerSecondAt(routes))
  return figures
}

async function packetsPerSecondAt(routes: number): Promise<number> {
  const [source, destination, other] = [newPeer('generator'), newPeer('stub'), newPeer('other')]
  const clock = new SystemClock()
  const routing = new RoutingTable()
  const others = Array.from({ length: routes - 2 }, (_, n) => `test.other.of${n}`)
  for (const peer of [source, destination, { ...other, routes: others }]) {
    routing.setPeer(TENANT_ID, { peerId: peer.id, assetId: peer.assetId }, [peer.staticIlpAddress, ...peer.routes])
  }
  const connector = createConnector({
    config: {
      ilpAddress: 'test.kivuko',
      operatorTenantId: TENANT_ID,
      minMessageWindowMs: 1_000,
      maxHoldTimeMs: 30_000,
      ledgerTwoPhaseTimeoutSeconds: 40,
    },
    clock,
    logger: createLogger({ logLevel: 'silent', instanceName: 'bench' }),
    metrics: new Metrics('bench'),
    feed: { isSilent: () => false },
    ledger: await openMemoryLedger(clock, [source, destination]),
    peers: { find: (id) => (id === destination.id ? destination : undefined), routing },
    rates: new FixedRates({}),
    receiver: new NoReceiver(),
    transport: fulfilling,
  })
  const account = peerAccount(source)
  await run((bytes) => connector.handle(bytes, account), WARM_UP_MS)
  return run((bytes) => connector.handle(bytes, account), SLICE_MS)
}

async function run(handle: (bytes: Buffer) => Promise<Buffer>, forMs: number): Promise<number> {
  const startedMs = performance.now()
  let packets = 0
  const send = async () => {
    const prepares = new PrepareBytes()
    while (performance.now() - startedMs < forMs) {
      const reply = await handle(Buffer.from(prepares.next()))
      if (decodeReply(reply).type !== 'fulfill') throw new Error(`expected a fulfill, found ${reply}`)
      packets++
      // As packets from a network do, each comes in a turn of its own of the event loop once in a while.
      if (packets % 1_000 === 0) await new Promise((resolve) => setImmediate(resolve))
    }
  }
  await Promise.all(Array.from({ length: TARGET_IN_FLIGHT }, send))
  return (packets * 1_000) / (performance.now() - startedMs)
}

const fulfilling: PeerTransport = {
  send: async () => ({ kind: 'replied', reply: FULFILLED }),
  obstacleTo: () => undefined,
  chargesRepeatsOnce: () => false,
  close: async () => undefined,
}

/** Nothing of this run ends here. */
class NoReceiver extends LocalReceiver {
  find(): undefined {
    return undefined
  }

  async receive() {
    return reject('F02', 'test.kivuko', 'nobody is here')
  }

  async announce() {
    return undefined
  }

  async credited(): Promise<void> {}

  released(): void {}
}

process.send?.({ answer: JSON.stringify(await benchPipeline()) })
process.disconnect?.()
