import { Draws } from '../harness/seed.js'
import { betweenByScale, chance, pick } from './drawing.js'
import { drawLongOutage, drawNodeFaults, isOutage, type NodeFault } from './node-faults.js'
import { drawPacket, type PlannedPacket, START_MS } from './planned-packet.js'

const SHORTEST_SPAN_MS = 2_000
const LONGEST_SPAN_MS = 180_000
// In percent.
const LONG_OUTAGES = 25

/** From the senders to where packets end: at a next hop of other software behind the last node, or at the last node. */
export const PATHS = ['a foreign', 'a b foreign', 'a b'] as const
export type Path = (typeof PATHS)[number]

/** How often something happens to one request and its answer, in percent. */
export interface LinkFaults {
  readonly lost: number
  readonly late: number
  readonly doubled: number
  /** Clients look after their deadlines now and then: an answer that comes so much later is still taken. */
  readonly longestPatienceMs: number
}

/** All that a seed decides beforehand. */
export interface Scenario {
  readonly seed: number
  readonly path: Path
  readonly senders: number
  readonly processesPerNode: number
  /** Asset codes of the links: sender, between the nodes, next hop. */
  readonly assets: { readonly sender: string; readonly middle: string; readonly foreign: string }
  readonly minMessageWindowMs: number
  readonly maxHoldTimeMs: number
  readonly faults: LinkFaults
  /** How often the next hop of other software fulfills a copy that it gets, in percent. */
  readonly fulfills: number
  /** How long it takes at most, unless it holds a packet. */
  readonly longestWorkMs: number
  /** How often it holds a packet: for up to its whole life, in percent. */
  readonly holds: number
  /** Percent of all packets that the senders' deposits, and the room of the next hop's account, suffice for. */
  readonly funds: number
  readonly room: number
  /** Whether the tables of a node are in the same database as its ledger, so that an outage takes both. */
  readonly isOneDatabase: boolean
  /** How long a fulfilled packet stays reserved when the ledger is away; after a longer outage it is charged anew. */
  readonly survivedOutageMs: number
  readonly packets: readonly PlannedPacket[]
  readonly nodeFaults: readonly NodeFault[]
}

const NO_FAULTS: LinkFaults = { lost: 0, late: 0, doubled: 0, longestPatienceMs: 500 }
const FAULT_RATES: readonly LinkFaults[] = [
  NO_FAULTS,
  { lost: 5, late: 5, doubled: 5, longestPatienceMs: 500 },
  { lost: 20, late: 10, doubled: 10, longestPatienceMs: 5_000 },
  { lost: 50, late: 20, doubled: 0, longestPatienceMs: 500 },
]

export function drawScenario(seed: number, isDisturbed: boolean): Scenario {
  const draws = new Draws('scenario', seed)
  const senders = draws.between(1, 2)
  const processesPerNode = draws.between(1, 2)
  const path = pick(draws, PATHS)
  const spanMs = betweenByScale(draws, SHORTEST_SPAN_MS, LONGEST_SPAN_MS)
  const packets = Array.from({ length: draws.between(20, 50) }, (_, number) =>
    drawPacket({
      draws,
      number,
      senders,
      spanMs,
      isDisturbed,
      destination: path === 'a b' ? 'test.b.receiver' : 'test.foreign.account',
    }),
  )
  const asset = () => pick(draws, ['USD', 'USD', 'EUR'])
  const scarce = () => (isDisturbed && chance(draws, 20) ? draws.between(30, 90) : 1_000)
  const scenario: Scenario = {
    ...{ seed, path, senders, processesPerNode, packets },
    assets: { sender: asset(), middle: asset(), foreign: asset() },
    minMessageWindowMs: pick(draws, [100, 300, 1_000]),
    maxHoldTimeMs: pick(draws, [5_000, 30_000]),
    faults: isDisturbed ? pick(draws, FAULT_RATES) : NO_FAULTS,
    fulfills: pick(draws, [50, 80, 100]),
    longestWorkMs: isDisturbed ? pick(draws, [200, 4_000]) : 200,
    holds: isDisturbed ? pick(draws, [0, 5, 20]) : 0,
    funds: scarce(),
    room: scarce(),
    isOneDatabase: chance(draws, 50),
    survivedOutageMs: pick(draws, [5_000, 60_000]),
    nodeFaults: isDisturbed ? drawNodeFaults(draws, nodesOf(path), processesPerNode, timesOf(packets)) : [],
  }
  return isDisturbed && chance(draws, LONG_OUTAGES) ? withLongOutage(scenario, draws) : scenario
}

/** The ledger is away for longer than reservations live: what was fulfilled meanwhile can only be charged anew. */
function withLongOutage(scenario: Scenario, draws: Draws): Scenario {
  const outage = drawLongOutage(draws, nodesOf(scenario.path), timesOf(scenario.packets))
  const others = scenario.nodeFaults.filter((fault) => !isOutage(fault) || fault.node !== outage.node)
  const times = { maxHoldTimeMs: 5_000, survivedOutageMs: 5_000, longestWorkMs: 4_000 }
  return { ...scenario, ...times, fulfills: 100, nodeFaults: [...others, outage] }
}

function nodesOf(path: Path): string[] {
  return path.split(' ').filter((name) => name !== 'foreign')
}

/** When each is sent first, from the start. */
function timesOf(packets: readonly PlannedPacket[]): number[] {
  return packets.map(({ sendings: [first] }) => (first?.atMs ?? START_MS) - START_MS)
}

export function describeScenario(scenario: Scenario): string {
  const { path, senders, processesPerNode, assets, faults, packets, nodeFaults, funds, room } = scenario
  return [
    `${senders} sender(s) > ${path.split(' ').join(' > ')}`,
    `${processesPerNode} process(es) a node`,
    `${assets.sender}/${assets.middle}/${assets.foreign}`,
    `lost ${faults.lost} % late ${faults.late} % doubled ${faults.doubled} %`,
    `funds ${funds} % room ${room} %`,
    `${packets.length} packets, ${nodeFaults.length} faults of nodes`,
  ].join(', ')
}
