import { idFromUuid, Ledger } from '@kivuko/accounting'
import { openConnectorDoor, start } from '@kivuko/app-connector'
import { AssetsService } from '@kivuko/assets'
import { createConnector, LocalReceiver } from '@kivuko/connector'
import { type Peer, PeersService } from '@kivuko/peering'
import { ChangeFeed, LOGGER, type Logger, loadConfig, Metrics, readEnvironment, SystemClock } from '@kivuko/platform'
import { Rates } from '@kivuko/rates'
import { Health, openRooms } from '@kivuko/rooms'
import { FUNDS, LIMITS, openMemoryLedger } from './accounts.js'
import { answerParent } from './child.js'
import { fill } from './fill.js'
import { AMOUNT, TOKEN } from './packets.js'
import { readLoad } from './plan.js'

/**
 * The node as it is: rooms on Postgres, the connector's door, every limit set. With BENCH_LEDGER=memory only the ledger
 * is another. With BENCH_LOAD it is given that much before it opens; the same database then makes a node that has it.
 */
const { BENCH_LEDGER, BENCH_LOAD, STUB_URL = '', ...env } = readEnvironment()
const { config, secrets } = loadConfig({
  ...env,
  ROLES: 'connector',
  CONNECTOR_PORT: '0',
  LOG_LEVEL: 'warn',
  OPEN_PAYMENTS_URL: 'https://bench.example',
})
const clock = new SystemClock()

const rooms = await openRooms(config, secrets)
const tenantId = config.operatorTenantId
const usd = { code: 'USD', scale: 9 }
const assets = rooms.get(AssetsService)
const asset =
  (await assets.byCodeAndScale(tenantId, usd.code, usd.scale)) ?? (await assets.create({ tenantId, ...usd }))
const source = await peerNamed('generator', [TOKEN])
const destination = await peerNamed('stub', [])
if (BENCH_LOAD !== undefined) await fill(rooms, asset, readLoad(BENCH_LOAD), `${STUB_URL}/ilp`)
const ledger = BENCH_LEDGER === 'memory' ? await openMemoryLedger(clock, [source, destination]) : rooms.get(Ledger)
const door = BENCH_LEDGER === 'memory' ? await openDoorOver(ledger) : await start(rooms)
const movedBefore = BigInt(await moved())
answerParent({ url: door.url ?? '', moved: async () => String(BigInt(await moved()) - movedBefore), close })

async function peerNamed(name: string, authTokens: string[]): Promise<Peer> {
  const peers = rooms.get(PeersService)
  const known = await peers.byAddressAndAsset(tenantId, `test.${name}`, asset.id)
  if (known) return known
  const outgoing = { authToken: `token-of-${name}`, endpoint: `${STUB_URL}/ilp` }
  return peers.create({
    tenantId,
    assetId: asset.id,
    name,
    staticIlpAddress: `test.${name}`,
    http: { incoming: { authTokens }, outgoing },
    maxPacketAmount: FUNDS,
    limits: LIMITS,
    initialLiquidity: FUNDS,
  })
}

function openDoorOver(other: Ledger) {
  const logger = rooms.get<Logger>(LOGGER)
  const peers = rooms.get(PeersService)
  const parts = {
    config,
    clock,
    logger,
    peers,
    ledger: other,
    rates: rooms.get(Rates),
    receiver: rooms.get(LocalReceiver),
  }
  const connector = createConnector({ ...parts, metrics: new Metrics('bench'), feed: rooms.get(ChangeFeed) })
  return openConnectorDoor({ config, clock, logger, connector, peers, health: rooms.get(Health) })
}

/** How many packets the ledger has charged: both ends and the totals must say the same, with nothing left reserved. */
async function moved(): Promise<string> {
  const [sourceId, destinationId] = [idFromUuid(source.id), idFromUuid(destination.id)]
  const balances = await ledger.balances([sourceId, destinationId])
  const left = balances.get(sourceId)
  const arrived = balances.get(destinationId)
  const [totals] = await ledger.totals()
  if (!left || !arrived || !totals) throw new Error('the accounts of the run are not in the ledger')
  if (totals.debitsPosted !== totals.creditsPosted || totals.debitsPending !== 0n || totals.creditsPending !== 0n) {
    throw new Error(`the sums differ: ${totals.debitsPosted}, ${totals.creditsPosted}, pending ${totals.debitsPending}`)
  }
  if (left.debitsPosted !== arrived.creditsPosted - FUNDS) {
    throw new Error(`${left.debitsPosted} left, ${arrived.creditsPosted - FUNDS} arrived`)
  }
  return (left.debitsPosted / AMOUNT).toString()
}

async function close(): Promise<void> {
  await door.close()
  await rooms.close()
}
