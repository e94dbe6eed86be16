import { assert } from '@kivuko/platform'
import { Draws } from '../harness/seed.js'
import { type CheckedRun, checkRun } from './check-run.js'
import { Network } from './network.js'
import type { NodeFault } from './node-faults.js'
import { START_MS } from './planned-packet.js'
import { restrictAccounts } from './restrict-accounts.js'
import { describeScenario, drawScenario, type Scenario } from './scenario.js'
import { after, VirtualTime } from './virtual-time.js'

// By then every packet has expired, and whatever was reserved for the last of them has timed out.
const AFTER_THE_LAST_MS = 7_200_000
const TO_STOP_MS = 600_000

export interface Run extends CheckedRun {
  readonly scenario: Scenario
  /** How many packets a sender received a fulfill for. */
  readonly fulfilled: number
  /** Every event in order. */
  readonly lines: readonly string[]
  /** What happened to a packet. */
  historyOf(packet: number): string[]
}

/** Plays what the seed draws to its end; the same each time. */
export async function play(seed: number, { isDisturbed }: { readonly isDisturbed: boolean }): Promise<Run> {
  const scenario = drawScenario(seed, isDisturbed)
  const time = new VirtualTime(START_MS)
  try {
    const network = await Network.open(scenario, time)
    let isPlayed = false
    const played = playAll(network).then(() => {
      isPlayed = true
    })
    const lastMs = Math.max(...scenario.packets.map(({ expiresAtMs }) => expiresAtMs))
    await time.runUntil(lastMs + AFTER_THE_LAST_MS)
    if (isPlayed) await played
    else network.problems.push('a copy that was sent has neither an answer nor an error, long after its expiry')
    await stopAll(network, time)
    const checked = await checkRun(network)
    const { history, senders } = network
    const fulfilled = scenario.packets.filter(({ number }) => senders.some((sender) => sender.owes(number))).length
    return { ...checked, scenario, fulfilled, lines: history.lines, historyOf: (packet) => history.of(packet) }
  } finally {
    time.stop()
  }
}

async function playAll(network: Network): Promise<void> {
  const { packets, nodeFaults } = network.scenario
  const sendings = packets.flatMap((packet) =>
    packet.sendings.map(async ({ atMs, place }) => {
      await after(atMs - START_MS)
      await network.send(packet, place)
    }),
  )
  await Promise.all([...sendings, ...nodeFaults.map((fault) => strike(network, fault))])
}

async function strike(network: Network, fault: NodeFault): Promise<void> {
  const { kind, node: name, atMs, forMs, place, takesEffect, restrictsAccounts } = fault
  const node = network.nodes.find((node) => node.name === name)
  assert(node, 'a fault happens to a node of the network')
  await after(atMs)
  switch (kind) {
    case 'kill':
      return node.kill(place, forMs)
    case 'crash':
      return node.crash(forMs)
    case 'restart':
      return node.restart(place, forMs)
    case 'ledger away':
      await node.stores.beAway('ledger', forMs, takesEffect)
      if (restrictsAccounts) await restrictAccounts(node, new Draws(`restrict ${name} ${atMs}`, network.scenario.seed))
      return
    case 'tables away':
      return node.stores.beAway('tables', forMs, takesEffect)
    case 'answers lost':
      return node.loseAnswers(forMs)
  }
}

async function stopAll(network: Network, time: VirtualTime): Promise<void> {
  let isStopped = false
  const stopped = Promise.all(network.nodes.map((node) => node.stop())).then(() => {
    isStopped = true
  })
  await time.runUntil(time.clock.nowMs() + TO_STOP_MS)
  if (isStopped) await stopped
  else network.problems.push('a process has not ended, long after the last packet')
}

export function summaryOf({ scenario, fulfilled, differing, listed }: Run): string {
  const kinds = [...new Set(listed.map(({ kind }) => kind))].map(
    (kind) => `${listed.filter((difference) => difference.kind === kind).length} ${kind}`,
  )
  return `seed ${scenario.seed}: ${describeScenario(scenario)}; ${fulfilled} fulfilled, ${differing} differ, listed: ${kinds.join(', ') || 'none'}`
}

const MOST_HISTORIES = 3
const MOST_PROBLEMS = 50

/** For whoever has to find out why a run failed. */
export function explain(run: Run, again: string): string {
  const packets = [...new Set(run.problems.flatMap(({ packet }) => packet ?? []))]
  const problems = run.problems.slice(0, MOST_PROBLEMS).map(({ packet, text }) => `  packet ${packet ?? '-'}: ${text}`)
  const histories = packets.slice(0, MOST_HISTORIES).flatMap((number) => {
    const packet = run.scenario.packets[number]
    const head = `packet ${number}, ${packet?.amount} units, expires ${new Date(packet?.expiresAtMs ?? 0).toISOString()}`
    return ['', head, ...run.historyOf(number)]
  })
  return [summaryOf(run), ...problems, ...histories, '', `again: ${again}`].join('\n')
}
