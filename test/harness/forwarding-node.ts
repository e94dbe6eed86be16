import {
  available,
  idFromUuid,
  type Ledger,
  type LedgerAsset,
  type LedgerTransfer,
  openLedger,
  timeOrderedId,
  withdrawalLegs,
} from '@kivuko/accounting'
import { conditionOf, decodeReply, encodePrepare, type Prepare, type Reply } from '@kivuko/ilp'
import { createLogger, loadConfig, SystemClock } from '@kivuko/platform'
import { type Dispatcher, request } from 'undici'
import { freePorts } from './listen.js'
import { type NodeOptions, startNode, type TestNode } from './node.js'
import type { NodeLedger } from './node-ledgers.js'
import { type NodeProcess, startNodeProcess } from './node-process.js'
import { waitFor } from './wait-for.js'

/** What a neighbour has at the node before the first packet. */
export const FUNDS = 1_000_000n
export const HOUR_MS = 3_600_000

const OCTETS = 'application/octet-stream'
const ALL_AT_ONCE = 10_000
const clock = new SystemClock()
const log = createLogger(loadConfig({ LOG_LEVEL: 'silent' }).config)

/** A peer of the node: by its token it sends, by its address it is sent to. */
export interface Neighbour {
  readonly id: string
  readonly name: string
  readonly token: string
  readonly address: string
}

export interface NeighbourOptions {
  /** Where packets to it go; nobody listens there unless given. */
  readonly endpoint?: string
  readonly funds?: bigint
  readonly address?: string
  /** What the node shows it as bearer token. */
  readonly outgoingToken?: string
}

/** `reply` is undefined unless the status is 200. */
export interface PacketAnswer {
  readonly status: number
  readonly reply: Reply | undefined
}

export interface Difference {
  readonly kind: string
  readonly peerId: string | null
  readonly sourcePeerId: string | null
  readonly amount: bigint
}

let packets = 0

/** The bytes of a packet of which no other is like; it expires in an hour. Every `fulfillment` given fulfills it. */
export function packetTo(destination: string, fulfillment: Buffer, change: Partial<Prepare> = {}): Buffer {
  packets += 1
  return encodePrepare({
    amount: 1_000n,
    expiresAt: new Date(clock.nowMs() + HOUR_MS),
    executionCondition: conditionOf(fulfillment),
    destination: `${destination}.account`,
    data: Buffer.from(`packet ${packets}`),
    ...change,
  })
}

export function expiringIn(ms: number): Pick<Prepare, 'expiresAt'> {
  return { expiresAt: new Date(clock.nowMs() + ms) }
}

/** Sends bytes as the peer whose token this is. */
export async function postPacket(
  url: string,
  token: string,
  body: Buffer,
  dispatcher?: Dispatcher,
): Promise<PacketAnswer> {
  const headers = { authorization: `Bearer ${token}`, 'content-type': OCTETS }
  const answer = await request(url, { method: 'POST', headers, body, ...(dispatcher && { dispatcher }) })
  const bytes = Buffer.from(await answer.body.arrayBuffer())
  return { status: answer.statusCode, reply: answer.statusCode === 200 ? decodeReply(bytes) : undefined }
}

/**
 * A node of one asset that forwards packets between neighbours, in a process of its own and, if wanted, a second one with
 * a connector over the same database. What it has done is read from its ledger and its tables, so that both may be killed.
 */
export class ForwardingNode {
  private second: NodeProcess | undefined
  private neighbours = 0

  private constructor(
    readonly node: TestNode,
    /** A client of the node's ledger. */
    readonly ledger: Ledger,
    readonly asset: LedgerAsset,
    private readonly secondEnv: Readonly<Record<string, string>>,
  ) {}

  static async start(options: NodeOptions, { env }: NodeLedger): Promise<ForwardingNode> {
    const [port = 0, ...monitoring] = (await freePorts(3)).map(String)
    const [MONITORING_PORT = '', ofSecond = ''] = monitoring
    const node = await startNode({ ownProcess: true, ...options, env: { ...env, MONITORING_PORT, ...options.env } })
    const id = await node.admin.createAsset('USD', 2)
    const [row] = await node.database.query('select ledger from assets where id = $1', [id])
    const { config } = loadConfig(node.env)
    const ledger = await openLedger(config, clock, log)
    const secondEnv = { ...node.env, CONNECTOR_PORT: `${port}`, MONITORING_PORT: ofSecond, ROLES: 'connector' }
    return new ForwardingNode(node, ledger, { id, ledger: Number.parseInt(`${row?.ledger}`, 10) }, secondEnv)
  }

  /** The connectors of the first and of the second process. */
  get urls(): readonly [string, string] {
    return [this.node.connectorUrl, `http://127.0.0.1:${this.secondEnv.CONNECTOR_PORT}`]
  }

  async startSecond(): Promise<void> {
    this.second = await startNodeProcess(this.secondEnv)
  }

  async killSecond(): Promise<void> {
    await this.second?.kill()
    this.second = undefined
  }

  /** Known to every process that runs when this returns. Its name is made its own, as a repeated test needs it. */
  async neighbour(label: string, options: NeighbourOptions = {}): Promise<Neighbour> {
    const { endpoint = 'http://127.0.0.1:9/', funds = FUNDS, outgoingToken = 'to-it' } = options
    this.neighbours += 1
    const name = `${label}-${this.neighbours}`
    const { address = `test.${name}` } = options
    const token = `token-of-${name}`
    const id = await this.node.admin.createPeer({
      ...{ assetId: this.asset.id, staticIlpAddress: address, name, endpoint },
      ...{ outgoingToken, incomingToken: token },
    })
    await this.node.admin.depositPeerLiquidity(id, funds)
    const running = this.second === undefined ? this.urls.slice(0, 1) : this.urls
    for (const url of running) await waitFor(`${name} is known`, () => isKnown(url, token))
    return { id, name, token, address }
  }

  /** Since it became a neighbour with `funds`: negative where it was charged. */
  async gained({ id }: Neighbour, funds = FUNDS): Promise<bigint> {
    return (await this.held(idFromUuid(id))) - funds
  }

  async held(accountId: bigint): Promise<bigint> {
    const balance = (await this.ledger.balances([accountId])).get(accountId)
    return balance === undefined ? 0n : available(balance)
  }

  /** Takes all but `left` from a neighbour's account. */
  async drain({ id }: Neighbour, left: bigint): Promise<void> {
    const accountId = idFromUuid(id)
    const amount = (await this.held(accountId)) - left
    const taken = { id: timeOrderedId(clock.nowMs()), accountId, asset: this.asset, amount }
    const outcome = await this.ledger.transfer(withdrawalLegs(taken))
    if (outcome.kind !== 'accepted') throw new Error(`the account could not be drained: ${JSON.stringify(outcome)}`)
  }

  openReservations(): Promise<LedgerTransfer[]> {
    return this.ledger.openReservations({ limit: ALL_AT_ONCE })
  }

  /** What the two sides' books may differ by, as the node has listed it, oldest first. */
  async differences(): Promise<Difference[]> {
    const rows = await this.node.database.query(
      'select kind, peer_id, source_peer_id, amount from book_differences order by noted_at, amount',
    )
    return rows.map(({ kind, peer_id, source_peer_id, amount }) => ({
      kind: `${kind}`,
      peerId: peer_id === null ? null : `${peer_id}`,
      sourcePeerId: source_peer_id === null ? null : `${source_peer_id}`,
      amount: BigInt(`${amount}`),
    }))
  }

  /** The sum of a counter over all of its labels, at the first and at the second process. */
  async counters(name: string): Promise<number[]> {
    const ports = [this.node.env.MONITORING_PORT, this.secondEnv.MONITORING_PORT]
    return Promise.all(ports.map((port) => counterAt(`http://127.0.0.1:${port}/metrics`, name)))
  }

  async stop(): Promise<void> {
    await this.second?.close()
    await this.ledger.close()
    await this.node.stop()
  }
}

/** 401 is for strangers; an empty body is refused later. */
async function isKnown(url: string, token: string): Promise<boolean> {
  const { status } = await postPacket(url, token, Buffer.alloc(0))
  return status !== 401
}

async function counterAt(url: string, name: string): Promise<number> {
  const text = await (await fetch(url)).text()
  const samples = [...text.matchAll(new RegExp(`^${name}(?:\\{.*\\})? (\\S+)$`, 'gm'))]
  return samples.reduce((sum, [, value]) => sum + Number.parseFloat(value ?? ''), 0)
}
