import { idFromUuid } from '@kivuko/accounting'
import type { Asset } from '@kivuko/assets'
import type { Peer } from '@kivuko/peering'
import { Draws } from '../harness/seed.js'
import { deposit, newAsset, newPeer, openAccount, openAsset, PLENTY } from './accounts.js'
import { ForeignHop } from './foreign-hop.js'
import { History } from './history.js'
import { Link } from './link.js'
import { PacketDirectory } from './packet-directory.js'
import type { PlannedPacket } from './planned-packet.js'
import { RandomReceiver } from './random-receiver.js'
import type { Scenario } from './scenario.js'
import { Sender } from './sender.js'
import { SimulatedNode } from './simulated-node.js'
import type { VirtualTime } from './virtual-time.js'

/** Two neighbours: the one upstream owes the one downstream for packets. */
export type Neighbours =
  | { readonly upstream: Sender; readonly downstream: SimulatedNode; readonly upstreamPeer: Peer }
  | {
      readonly upstream: SimulatedNode
      readonly downstream: SimulatedNode
      readonly downstreamPeer: Peer
      readonly upstreamPeer: Peer
    }
  | { readonly upstream: SimulatedNode; readonly downstream: ForeignHop; readonly downstreamPeer: Peer }

/** The senders, the nodes and the next hop of a scenario, each with its books. */
export class Network {
  readonly history: History
  readonly senders: Sender[] = []
  readonly nodes: SimulatedNode[] = []
  readonly problems: string[] = []
  readonly neighbours: Neighbours[] = []
  readonly foreign: ForeignHop
  private readonly packets: PacketDirectory
  private readonly peersOfSenders: Peer[] = []

  private constructor(
    readonly scenario: Scenario,
    private readonly time: VirtualTime,
  ) {
    const { seed, packets } = scenario
    this.history = new History(time.clock)
    this.packets = new PacketDirectory(packets)
    this.foreign = new ForeignHop(time.clock, new Draws('foreign', seed), this.packets, this.history, scenario)
  }

  static async open(scenario: Scenario, time: VirtualTime): Promise<Network> {
    const network = new Network(scenario, time)
    await network.build()
    for (const node of network.nodes) node.start()
    return network
  }

  /** Towards the first node, and to one of its processes. */
  send(packet: PlannedPacket, place: number): Promise<void> {
    const [sender, peer, [first]] = [this.senders[packet.sender], this.peersOfSenders[packet.sender], this.nodes]
    if (!sender || !peer || !first) throw new Error('a packet has a sender and a node that takes it')
    return sender.send(packet, (bytes) => first.take(bytes, peer, place))
  }

  private async build(): Promise<void> {
    const { path, assets } = this.scenario
    const names = path.split(' ')
    for (const name of names.filter((name) => name !== 'foreign')) this.nodes.push(await this.newNode(name))
    const [first, second] = this.nodes
    if (!first) throw new Error('a path has a node')
    for (let number = 0; number < this.scenario.senders; number += 1) await this.addSender(number, first)
    if (second) await this.connect(first, second)
    if (path !== 'a b') await this.addForeign(second ?? first, assets.foreign)
  }

  private async newNode(name: string): Promise<SimulatedNode> {
    const { seed, processesPerNode: processes, minMessageWindowMs, maxHoldTimeMs } = this.scenario
    const { survivedOutageMs, isOneDatabase, fulfills, packets } = this.scenario
    const draws = new Draws(`node ${name}`, seed)
    const receiverId = draws.uuid()
    const asset = this.assetOf(name, this.scenario.assets.foreign)
    const receiver = new RandomReceiver({
      ...{ address: `test.${name}.receiver`, id: receiverId, accountId: idFromUuid(receiverId) },
      ...{ asset, draws, fulfills, packets },
    })
    const { history, problems, time } = this
    const surroundings = { clock: time.clock, draws, history, packets: this.packets, problems }
    const node = new SimulatedNode(
      { name, processes, minMessageWindowMs, maxHoldTimeMs, survivedOutageMs, isOneDatabase, ...surroundings },
      receiver,
    )
    for (const code of ['USD', 'EUR']) await openAsset(node.stores.ledger, draws, this.assetOf(name, code))
    await openAccount(node.stores.ledger, receiver.destination.accountId, asset)
    return node
  }

  private async addSender(number: number, node: SimulatedNode): Promise<void> {
    const name = `sender${number}`
    const peer = newPeer(
      this.drawsFor(`${node.name} ${name}`),
      name,
      this.assetOf(node.name, this.scenario.assets.sender),
    )
    const sent = this.scenario.packets.filter(({ sender }) => sender === number)
    const wanted = sent.reduce((sum, { amount }) => sum + amount, 0n)
    await this.openPeer(node, peer, (wanted * BigInt(this.scenario.funds)) / 100n)
    node.addPeer(peer)
    const sender = new Sender(name, this.time.clock, this.newLink(`${name} > ${node.name}`, true), this.history)
    this.senders.push(sender)
    this.peersOfSenders.push(peer)
    this.neighbours.push({ upstream: sender, downstream: node, upstreamPeer: peer })
  }

  private async connect(first: SimulatedNode, second: SimulatedNode): Promise<void> {
    const code = this.scenario.assets.middle
    const [here, there] = [`${first.name} ${second.name}`, `${second.name} ${first.name}`]
    const downstreamPeer = newPeer(this.drawsFor(here), second.name, this.assetOf(first.name, code), ['test.foreign'])
    const upstreamPeer = newPeer(this.drawsFor(there), first.name, this.assetOf(second.name, code))
    await this.openPeer(first, downstreamPeer)
    await this.openPeer(second, upstreamPeer, PLENTY)
    const link = this.newLink(`${first.name} > ${second.name}`, true)
    first.addPeer(downstreamPeer, { link, recognizesRepeats: true, reach: (bytes) => second.take(bytes, upstreamPeer) })
    second.addPeer(upstreamPeer)
    this.neighbours.push({ upstream: first, downstream: second, downstreamPeer, upstreamPeer })
  }

  private async addForeign(last: SimulatedNode, code: string): Promise<void> {
    const peer = newPeer(this.drawsFor(`${last.name} foreign`), 'foreign', this.assetOf(last.name, code))
    const total = this.scenario.packets.reduce((sum, { amount }) => sum + amount, 0n)
    const { room } = this.scenario
    await this.openPeer(last, peer, 0n, room > 100 ? undefined : (total * BigInt(room)) / 100n)
    const link = this.newLink(`${last.name} > foreign`, false)
    last.addPeer(peer, { link, recognizesRepeats: false, reach: (bytes) => this.foreign.take(bytes) })
    this.neighbours.push({ upstream: last, downstream: this.foreign, downstreamPeer: peer })
  }

  private async openPeer(node: SimulatedNode, { id, asset }: Peer, funds = 0n, maximum?: bigint): Promise<void> {
    const { ledger } = node.stores
    await openAccount(ledger, idFromUuid(id), asset, maximum)
    if (funds > 0n) await deposit(ledger, this.drawsFor(`deposit ${id}`), idFromUuid(id), asset, funds)
  }

  private newLink(name: string, mayDouble: boolean): Link {
    return new Link(name, this.drawsFor(`link ${name}`), this.scenario.faults, this.history, mayDouble)
  }

  /** The same at each call. */
  private assetOf(node: string, code: string): Asset {
    return newAsset(this.drawsFor(`${node} ${code}`), code)
  }

  private drawsFor(label: string): Draws {
    return new Draws(label, this.scenario.seed)
  }
}
