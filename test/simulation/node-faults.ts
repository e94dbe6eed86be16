import type { Draws } from '../harness/seed.js'
import { betweenByScale, chance, pick } from './drawing.js'

/**
 * Something that happens to a node, `atMs` after the start, and is over `forMs` later.
 * - `kill`: a process is gone at once, with all that it knew.
 * - `crash`: all of its processes are.
 * - `restart`: it takes no more packets, finishes what it has, and ends.
 * - `ledger away`, `tables away`: that store answers no calls; of the writing ones, `takesEffect` percent stand.
 * - `answers lost`: no answer comes back over the links that lead on from the node.
 */
export interface NodeFault {
  readonly kind: 'kill' | 'crash' | 'restart' | 'ledger away' | 'tables away' | 'answers lost'
  readonly node: string
  readonly atMs: number
  readonly forMs: number
  readonly place: number
  readonly takesEffect: number
  /** When the ledger is back, the operator first withdraws money and lowers maximums, see `restrictAccounts`. */
  readonly restrictsAccounts: boolean
}

const SHORTEST_MS = {
  kill: 100,
  crash: 100,
  restart: 100,
  'ledger away': 500,
  'tables away': 500,
  'answers lost': 500,
} as const
const LONGEST_MS = {
  kill: 20_000,
  crash: 20_000,
  restart: 1_000,
  'ledger away': 60_000,
  'tables away': 60_000,
  'answers lost': 30_000,
} as const
// As long as most packets are under way.
const LONGEST_AFTER_MS = 3_000
const SHORTEST_LONG_OUTAGE_MS = 15_000
const MOST_FAULTS = 8
// What a node is to survive is one outage, not several that follow each other.
const BETWEEN_OUTAGES_MS = 120_000

/** `timesMs`: when packets are sent; faults come soon after, so that some are under way. */
export function drawNodeFaults(
  draws: Draws,
  nodes: readonly string[],
  processes: number,
  timesMs: readonly number[],
): NodeFault[] {
  const faults = Array.from({ length: draws.between(0, MOST_FAULTS) }, () => {
    const kind = pick(draws, [
      'kill',
      'kill',
      'crash',
      'restart',
      'ledger away',
      'ledger away',
      'tables away',
      'answers lost',
    ] as const)
    return {
      kind,
      node: pick(draws, nodes),
      atMs: pick(draws, timesMs) + betweenByScale(draws, 10, LONGEST_AFTER_MS),
      forMs: betweenByScale(draws, SHORTEST_MS[kind], LONGEST_MS[kind]),
      place: draws.between(0, processes - 1),
      takesEffect: pick(draws, [0, 50, 100]),
      restrictsAccounts: chance(draws, 30),
    }
  })
  faults.sort((one, other) => one.atMs - other.atMs)
  return faults.filter((fault, number) => !isOutage(fault) || !faults.slice(0, number).some(followedBy(fault)))
}

export function drawLongOutage(draws: Draws, nodes: readonly string[], timesMs: readonly number[]): NodeFault {
  return {
    ...{
      kind: 'ledger away',
      node: pick(draws, nodes),
      place: 0,
      takesEffect: 0,
      restrictsAccounts: chance(draws, 50),
    },
    atMs: pick(draws, timesMs) + betweenByScale(draws, 10, LONGEST_AFTER_MS),
    forMs: draws.between(SHORTEST_LONG_OUTAGE_MS, LONGEST_MS['ledger away']),
  }
}

export function isOutage({ kind }: NodeFault): boolean {
  return kind === 'ledger away' || kind === 'tables away'
}

function followedBy(later: NodeFault): (earlier: NodeFault) => boolean {
  return (earlier) =>
    isOutage(earlier) && earlier.node === later.node && later.atMs < earlier.atMs + earlier.forMs + BETWEEN_OUTAGES_MS
}
