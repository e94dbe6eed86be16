import { setTimeout as sleep } from 'node:timers/promises'
import type { Draws } from '../harness/seed.js'
import { DOORS, type FaultyNetwork, type Site, WORKER } from './faulty-network.js'
import type { Trouble } from './wire.js'

/** Something that goes wrong and is over when `strike` resolves. */
export interface Fault {
  readonly name: string
  strike(): Promise<void>
}

// All of them for longer than a packet lives: what becomes of some is not known in time.
const PERCENTS = [50, 80, 100] as const
const LONGEST_TROUBLE_MS = 4_000

/** The kinds of faults; a kind that this network does not have is undefined. */
const kinds: readonly ((network: FaultyNetwork, draws: Draws) => Fault | undefined)[] = [
  (network, draws) => killed('the worker', WORKER, someSite(network, draws), draws),
  (network, draws) => killed('the doors', DOORS, someSite(network, draws), draws),
  (network, draws) => killed('all', undefined, someSite(network, draws), draws),
  (network, draws) => killed('all', undefined, network.c, draws),
  databaseKilled,
  redisKilled,
  (network, draws) => troubled(network, 'lose requests', draws),
  (network, draws) => troubled(network, 'lose answers', draws),
  (network, draws) => troubled(network, 'delay', draws),
  (network, draws) => troubled(network, 'double', draws),
  webhooksUnheard,
]

/** One fault, drawn; now and then two that have nothing to do with each other, at once. */
export function drawFault(network: FaultyNetwork, draws: Draws, only: string): Fault {
  const first = drawOne(network, draws, only)
  if (draws.between(1, 4) > 1) return first
  const second = drawOne(network, draws, only)
  if (second.name === first.name || !areApart(first, second)) return first
  return {
    name: `${first.name}, and ${second.name}`,
    strike: async () => {
      await Promise.all([first.strike(), second.strike()])
    },
  }
}

// Each kind comes up many times in so many.
const MAX_DRAWS = 1_000

/** `only`: a word in the fault's name. */
function drawOne(network: FaultyNetwork, draws: Draws, only: string): Fault {
  for (let drawn = 0; drawn < MAX_DRAWS; drawn += 1) {
    const fault = kinds[draws.between(0, kinds.length - 1)]?.(network, draws)
    if (fault?.name.includes(only)) return fault
  }
  throw new Error(`no fault has "${only}" in its name`)
}

// A process that is killed cannot be killed again; a node that starts waits for its database.
function areApart(first: Fault, second: Fault): boolean {
  return ![first, second].every(({ name }) => name.includes('kill'))
}

function someSite({ a, b }: FaultyNetwork, draws: Draws): Site {
  return draws.between(0, 1) === 0 ? a : b
}

function killed(what: string, roles: string | undefined, { node }: Site, draws: Draws): Fault {
  const downMs = draws.between(0, 600)
  return {
    name: `kill ${what} of node ${node.name}`,
    async strike() {
      await node.kill(roles)
      await sleep(downMs)
      await node.startAgain(roles)
    },
  }
}

function databaseKilled(network: FaultyNetwork, draws: Draws): Fault {
  const { node, database } = someSite(network, draws)
  const downMs = draws.between(0, 800)
  return {
    name: `kill the database of node ${node.name}`,
    async strike() {
      await database.kill()
      await sleep(downMs)
      await database.startAgain()
    },
  }
}

function redisKilled({ redis }: FaultyNetwork, draws: Draws): Fault | undefined {
  if (redis === undefined) return undefined
  const downMs = draws.between(0, 1_500)
  return {
    name: `kill Redis of node ${redis.site.node.name}`,
    async strike() {
      await redis.server.kill()
      await sleep(downMs)
      await redis.server.restart()
    },
  }
}

function troubled({ wires }: FaultyNetwork, trouble: Trouble, draws: Draws): Fault {
  const durationMs = draws.between(500, LONGEST_TROUBLE_MS)
  const percent = PERCENTS[draws.between(0, PERCENTS.length - 1)] ?? 100
  return {
    name: `${trouble} between the nodes`,
    async strike() {
      for (const wire of wires) wire.makeTrouble(trouble, percent, draws)
      await sleep(durationMs)
      for (const wire of wires) wire.makePeace()
    },
  }
}

function webhooksUnheard(network: FaultyNetwork, draws: Draws): Fault {
  const { operator, name } = someSite(network, draws).node
  const durationMs = draws.between(500, 2_500)
  return {
    name: `no webhooks heard at node ${name}`,
    async strike() {
      await operator.goDown()
      await sleep(durationMs)
      await operator.comeBack()
    },
  }
}
