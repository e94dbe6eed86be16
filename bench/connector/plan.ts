import { parseArgs } from 'node:util'

/** What can be measured: the node on each ledger, the bare proxy, and the pipeline without a network. */
export const TARGETS = ['postgres', 'tigerbeetle', 'memory', 'proxy', 'pipeline'] as const
export type Target = (typeof TARGETS)[number]

/** What a node has before the run begins. */
export interface Load {
  readonly transfers: number
  readonly peers: number
  readonly routes: number
}

export interface Plan {
  readonly targets: readonly Target[]
  readonly inFlight: readonly number[]
  readonly rounds: number
  /** Takes turns with the empty node, as a further target. */
  readonly load: Load | undefined
  /** How long the last durable node is kept busy after the turns, to see its memory. */
  readonly minutes: number
  /** Where each process leaves a profile of its processor's time; measured figures are then too low. */
  readonly profiles: string | undefined
}

/** The one that the targets speak of, and that half of the load is measured against. */
export const TARGET_IN_FLIGHT = 64

export const ROUTES = [10, 1_000, 100_000] as const

// Turns short enough that the machine is the same for all of them, long enough for tens of thousands of packets.
export const SLICE_MS = 2_000
export const WARM_UP_MS = 1_500

/** `--transfers 1000000 --peers 10000 --routes 100000 --minutes 10 --only postgres,proxy --in-flight 64 --rounds 3`, all optional. */
export function readPlan(args: readonly string[]): Plan {
  const count = { type: 'string', default: '0' } as const
  const { values } = parseArgs({
    args: [...args],
    options: {
      ...{ transfers: count, peers: count, routes: count, minutes: count },
      only: { type: 'string', default: TARGETS.join() },
      'in-flight': { type: 'string', default: '1,16,64,256' },
      rounds: { type: 'string', default: '3' },
      profiles: { type: 'string' },
    },
  })
  const load = {
    transfers: wholeNumber('--transfers', values.transfers),
    peers: wholeNumber('--peers', values.peers),
    routes: wholeNumber('--routes', values.routes),
  }
  return {
    targets: values.only.split(',').map(targetNamed),
    inFlight: values['in-flight'].split(',').map((text) => wholeNumber('--in-flight', text)),
    rounds: wholeNumber('--rounds', values.rounds),
    load: load.transfers + load.peers + load.routes > 0 ? load : undefined,
    minutes: wholeNumber('--minutes', values.minutes),
    profiles: values.profiles,
  }
}

/** The environment of a process carries a load as text. */
export function writeLoad({ transfers, peers, routes }: Load): string {
  return [transfers, peers, routes].join()
}

export function readLoad(text: string): Load {
  const [transfers = 0, peers = 0, routes = 0] = text.split(',').map((count) => wholeNumber('a load', count))
  return { transfers, peers, routes }
}

function targetNamed(text: string): Target {
  const target = TARGETS.find((name) => name === text)
  if (target === undefined) throw new Error(`--only takes some of ${TARGETS.join()}, found "${text}"`)
  return target
}

function wholeNumber(name: string, text: string): number {
  if (!/^\d{1,9}$/.test(text)) throw new Error(`${name} takes whole numbers, found "${text}"`)
  return Number.parseInt(text, 10)
}
