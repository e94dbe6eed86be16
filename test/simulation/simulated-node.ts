import { idFromUuid } from '@kivuko/accounting'
import type { ConnectorService, Delivery, LocalReceiver } from '@kivuko/connector'
import { decodePrepare } from '@kivuko/ilp'
import type { Peer } from '@kivuko/peering'
import { assert, type Clock, createLogger, Metrics } from '@kivuko/platform'
import { FixedRates } from '@kivuko/rates'
import { RoutingTable } from '@kivuko/routing'
import type { Draws } from '../harness/seed.js'
import { TENANT_ID } from './accounts.js'
import { deliveryOf, durable, openConnector } from './connector-under-test.js'
import { pick } from './drawing.js'
import type { History } from './history.js'
import type { Answer, Link } from './link.js'
import { NodeStores } from './node-stores.js'
import { NodeWire } from './node-wire.js'
import type { PacketDirectory } from './packet-directory.js'
import { SimulatedProcess, textOf } from './simulated-process.js'
import { after } from './virtual-time.js'

const LOGGER = createLogger({ logLevel: 'silent', instanceName: 'simulation' })
const RATES = new FixedRates({ USD: { EUR: '0.90' } })

/** Where a node sends packets on. */
export interface NextHop {
  readonly link: Link
  readonly recognizesRepeats: boolean
  readonly reach: (bytes: Buffer) => Promise<Answer>
}

/** What left the node towards a next hop. */
export interface Sending {
  readonly packet: number
  readonly to: Peer
  readonly bytes: string
  readonly expiresAtMs: number
  /** It did not get there, for certain. */
  isRefused: boolean
}

/** What arrived and how it was answered. */
export interface Arrival {
  readonly packet: number
  readonly atMs: number
  readonly answer: Answer
}

export interface NodeParts {
  readonly name: string
  readonly processes: number
  readonly minMessageWindowMs: number
  readonly maxHoldTimeMs: number
  readonly survivedOutageMs: number
  readonly clock: Clock
  readonly draws: Draws
  readonly history: History
  readonly packets: PacketDirectory
  readonly isOneDatabase: boolean
  readonly problems: string[]
}

// That a process has ended is known for certain after this.
const GONE_AFTER_MS = 5_000

/** A node of one or two processes, which come and go, over one ledger. */
export class SimulatedNode {
  readonly name: string
  readonly stores: NodeStores
  readonly peers = new Map<string, Peer>()
  readonly sendings: Sending[] = []
  readonly arrivals: Arrival[] = []
  /** Packets that were at a process that was killed. */
  readonly killedWith = new Set<number>()
  private readonly nextHops = new Map<string, NextHop>()
  private readonly routing = new RoutingTable()
  private readonly wire: NodeWire
  private readonly onGone: (() => void)[] = []
  /** All that ever ran, by when they started. */
  private readonly started: SimulatedProcess[] = []
  private readonly places: SimulatedProcess[] = []

  constructor(
    private readonly parts: NodeParts,
    private readonly receiver: LocalReceiver,
  ) {
    this.name = parts.name
    this.stores = new NodeStores(parts)
    this.wire = new NodeWire(this.stores)
  }

  addPeer(peer: Peer, nextHop?: NextHop): void {
    this.peers.set(peer.id, peer)
    this.routing.setPeer(TENANT_ID, { peerId: peer.id, assetId: peer.assetId }, [peer.staticIlpAddress, ...peer.routes])
    if (nextHop) this.nextHops.set(peer.id, nextHop)
  }

  recognizesRepeats({ id }: Peer): boolean {
    return this.nextHopAt(id).recognizesRepeats
  }

  start(): void {
    for (let place = 0; place < this.parts.processes; place += 1) this.startAt(place)
  }

  /** `place`: which process; any that listens when it is not given, as a balancer chooses. */
  async take(bytes: Buffer, source: Peer, place?: number): Promise<Answer> {
    const { clock, history, packets } = this.parts
    const process = place === undefined ? this.anyListening() : this.places[place % this.places.length]
    if (!process?.isListening) return { kind: 'refused' }
    const { number } = packets.of(bytes)
    const atMs = clock.nowMs()
    this.stores.know(number, idFromUuid(source.id), bytes)
    history.note(number, `${process.name}: takes it from ${source.name}`)
    const answer = await process.take(number, bytes, source)
    history.note(number, `${process.name}: answers ${source.name}: ${textOf(answer)}`)
    this.arrivals.push({ packet: number, atMs, answer })
    return answer
  }

  async kill(place: number, forMs: number): Promise<void> {
    const process = this.places[place]
    if (!process?.isListening) return
    process.kill()
    void after(GONE_AFTER_MS).then(() => this.onGone.forEach((tell) => void tell()))
    process.noteForgotten()
    for (const packet of process.handled) this.killedWith.add(packet)
    await after(forMs)
    this.startAt(place)
  }

  /** All processes at once. */
  async crash(forMs: number): Promise<void> {
    await Promise.all(this.places.map((_, place) => this.kill(place, forMs)))
  }

  /** The next process takes its place before it has ended. */
  async restart(place: number, forMs: number): Promise<void> {
    const process = this.places[place]
    if (!process?.isListening) return
    const stopped = process.stop().then(() => process.noteForgotten())
    await after(forMs)
    this.startAt(place)
    await stopped
  }

  /** The answers of its next hops are lost. */
  async loseAnswers(forMs: number): Promise<void> {
    await Promise.all([...this.nextHops.values()].map(({ link }) => link.loseAnswers(forMs)))
  }

  /** Resolves when every process has finished what it had. */
  async stop(): Promise<void> {
    await Promise.all(this.places.map((process) => process.stop()))
  }

  private anyListening(): SimulatedProcess | undefined {
    const listening = this.places.filter(({ isListening }) => isListening)
    return listening.length === 0 ? undefined : pick(this.parts.draws, listening)
  }

  private startAt(place: number): void {
    const { name, history, problems } = this.parts
    const number = this.started.length + 1
    const process = new SimulatedProcess(number, `${name}${number}`, history, problems)
    history.note(undefined, `${process.name} starts`)
    this.started.push(process)
    this.places[place] = process
    process.run(this.connectorOf(process))
  }

  private connectorOf(process: SimulatedProcess): ConnectorService {
    const { name, clock, minMessageWindowMs, maxHoldTimeMs, survivedOutageMs } = this.parts
    const { stores, peers, routing, receiver } = this
    return openConnector({
      ...{ ilpAddress: `test.${name}`, tenantId: TENANT_ID, minMessageWindowMs, maxHoldTimeMs, survivedOutageMs },
      ...{ clock, receiver, logger: LOGGER },
      metrics: new Metrics(process.name),
      ledger: durable(stores.ledger, (verb, make, input) => stores.callLedger(process, verb, make, input)),
      peers: { find: (id) => peers.get(id), routing },
      rates: RATES,
      wire: this.wire.endOf(process),
      transport: {
        send: (peer, bytes, timeoutMs) => process.whileAlive(this.sendOn(process, peer, bytes, timeoutMs)),
        obstacleTo: () => undefined,
        chargesRepeatsOnce: (peer) => this.recognizesRepeats(peer),
        close: async () => undefined,
      },
      differences: { note: (difference) => stores.note(process, difference) },
      processes: {
        ownId: process.id,
        isGone: (ownerId) => this.isGone(ownerId),
        onGone: (listener) => this.onGone.push(() => process.isAlive && listener()),
      },
    })
  }

  private isGone(id: number): boolean {
    const endedAtMs = this.started.find((known) => known.id === id)?.endedAtMs
    return endedAtMs !== undefined && this.parts.clock.nowMs() - endedAtMs >= GONE_AFTER_MS
  }

  private async sendOn(process: SimulatedProcess, to: Peer, bytes: Buffer, timeoutMs: number): Promise<Delivery> {
    const { link, reach } = this.nextHopAt(to.id)
    const packet = this.parts.packets.of(bytes).number
    if (!process.isAlive) return new Promise(() => undefined)
    if (timeoutMs <= 0) return deliveryOf({ kind: 'refused' })
    const { amount, expiresAt } = decodePrepare(bytes)
    const sending: Sending = {
      ...{ packet, to, bytes: bytes.toString('hex'), isRefused: false },
      expiresAtMs: expiresAt.getTime(),
    }
    this.sendings.push(sending)
    this.parts.history.note(packet, `${process.name}: sends ${amount} to ${to.name}, until ${expiresAt.toISOString()}`)
    const received = await link.send({ packet, bytes: Buffer.from(bytes), timeoutMs, reach })
    sending.isRefused = received.kind === 'refused'
    const text = received.kind === 'lost' ? `lost (${received.why})` : received.kind
    this.parts.history.note(packet, `${process.name}: ${to.name} ${text}`)
    return deliveryOf(received)
  }

  private nextHopAt(peerId: string): NextHop {
    const nextHop = this.nextHops.get(peerId)
    assert(nextHop, 'packets go on to next hops alone')
    return nextHop
  }
}
