import { randomBytes } from 'node:crypto'
import type { CustomerView } from './bank-client.js'
import type { Side } from './side.js'

const SCALE = 2
// 10,000.00 in each currency: what the operator lets payments change into.
const ASSET_LIQUIDITY = 1_000_000n
// 1,000.00 USD: what the two nodes let each other owe before they settle.
const PEER_LIQUIDITY = 100_000n
// 40.00 USD: small enough that the payment takes several packets.
const MAX_PACKET = 4_000n

interface Assets {
  readonly usd: string
  readonly eur: string
}

/** What stands when the two operators' first hour is over. */
export interface Scene {
  readonly alpha: Side
  readonly beta: Side
  readonly alice: CustomerView
  readonly bob: CustomerView
  /** Each node's account of the other. */
  readonly betaAtAlpha: string
  readonly alphaAtBeta: string
}

/** Assets with liquidity, peers in USD, a customer on each side: all through the admin API, the two sides at once. */
export async function setUp(alpha: Side, beta: Side, onDone: (what: string) => void): Promise<Scene> {
  const [alphaAssets, betaAssets] = await Promise.all([createAssets(alpha), createAssets(beta)])
  onDone('assets USD and EUR on both nodes, each with 10,000.00 of liquidity')
  const [betaAtAlpha, alphaAtBeta] = await peer(alpha, alphaAssets, beta, betaAssets)
  onDone('peers in USD over ILP-over-HTTP, 1,000.00 of credit each way, packets of at most 40.00')
  const account = (name: string, assetId: string, assetCode: string, balance: string) => ({
    name,
    assetId,
    assetCode,
    assetScale: SCALE,
    balance,
  })
  const [alice, bob] = await Promise.all([
    alpha.bank.openAccount(account('alice', alphaAssets.usd, 'USD', '50000')),
    beta.bank.openAccount(account('bob', betaAssets.eur, 'EUR', '2000')),
  ])
  onDone(`wallet addresses ${alice.walletAddress} (USD) and ${bob.walletAddress} (EUR)`)
  return { alpha, beta, alice, bob, betaAtAlpha, alphaAtBeta }
}

async function createAssets({ operator }: Side): Promise<Assets> {
  const create = async (code: string) => {
    const id = await operator.createAsset(code, SCALE)
    await operator.depositAssetLiquidity(id, ASSET_LIQUIDITY)
    return id
  }
  const [usd, eur] = await Promise.all([create('USD'), create('EUR')])
  return { usd, eur }
}

async function peer(alpha: Side, alphaAssets: Assets, beta: Side, betaAssets: Assets): Promise<[string, string]> {
  const alphaToBeta = randomBytes(24).toString('base64url')
  const betaToAlpha = randomBytes(24).toString('base64url')
  return Promise.all([
    createPeer(alpha, alphaAssets.usd, beta, { outgoingToken: alphaToBeta, incomingToken: betaToAlpha }),
    createPeer(beta, betaAssets.usd, alpha, { outgoingToken: betaToAlpha, incomingToken: alphaToBeta }),
  ])
}

async function createPeer(
  { operator }: Side,
  assetId: string,
  { institution: other }: Side,
  tokens: { outgoingToken: string; incomingToken: string },
): Promise<string> {
  const { name, ilpAddress: staticIlpAddress, connectorUrl: endpoint } = other
  const peerId = await operator.createPeer({
    assetId,
    staticIlpAddress,
    name,
    endpoint,
    maxPacketAmount: MAX_PACKET,
    ...tokens,
  })
  await operator.depositPeerLiquidity(peerId, PEER_LIQUIDITY)
  return peerId
}
