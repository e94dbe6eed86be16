import { setTimeout as sleep } from 'node:timers/promises'
import { Draws } from '../harness/seed.js'
import { drawFault, type Fault } from './faults.js'
import type { FaultyNetwork } from './faulty-network.js'
import { countInFlight, type InFlight, metNothing } from './in-flight.js'
import { checkMoney, type MoneyCheck } from './money-check.js'
import { settled } from './settling.js'
import { Traffic } from './traffic.js'
import { checkWebhooks } from './webhook-check.js'

/** What one round met and showed. */
export interface Round {
  readonly number: number
  readonly fault: string
  readonly inFlight: InFlight
  readonly ordered: number
  readonly refused: number
  readonly endedMs: number
  readonly toldMs: number
  readonly tookMs: number
  readonly money: MoneyCheck
  readonly problems: readonly string[]
}

// A look takes some hundredths of a second.
const LOOKS = 50

/** Traffic, a fault in the midst of it, the end of both, and then every payment, unit and event is looked for. */
export async function playRound(
  network: FaultyNetwork,
  { number, seed, only }: { number: number; seed: number; only: string },
): Promise<Round> {
  const startedAt = performance.now()
  const draws = new Draws(`fault round ${number}`, seed)
  const fault: Fault = drawFault(network, draws, only)
  const traffic = new Traffic(network, draws)
  await sleep(draws.between(500, 1_500))
  const inFlight = await something(network)
  const struckAt = performance.now()
  await fault.strike()
  const faultMs = performance.now() - struckAt
  await sleep(draws.between(0, 300))
  await traffic.stop()
  const { endedMs, toldMs } = await settled(network, faultMs)
  const money = await checkMoney(network)
  return {
    number,
    fault: fault.name,
    inFlight,
    ordered: traffic.ordered,
    refused: traffic.refusals.length,
    endedMs,
    toldMs,
    tookMs: performance.now() - startedAt,
    money,
    problems: [...money.problems, ...(await checkWebhooks(network))],
  }
}

/** Strikes when there is something to meet: at once if there is, else within a second or so. */
async function something(network: FaultyNetwork): Promise<InFlight> {
  for (let look = 1; ; look += 1) {
    const inFlight = await countInFlight(network)
    if (!metNothing(inFlight) || look === LOOKS) return inFlight
  }
}

/** One line a round. */
export function lineOf({ number, fault, inFlight, ordered, refused, endedMs, toldMs, tookMs, money }: Round): string {
  const { packets, jobs, payments } = inFlight
  const seconds = (ms: number) => `${(ms / 1_000).toFixed(1)} s`
  return [
    `round ${number}: ${fault}`,
    `in flight ${packets} packets, ${jobs} jobs, ${payments} payments`,
    `${ordered} ordered, ${refused} refused`,
    `all ended after ${seconds(endedMs)}, told after ${seconds(toldMs)}`,
    `disputed ${money.disputedPackets} packets (${money.disputedAmount}), listed ${JSON.stringify(money.listed)}`,
    seconds(tookMs),
  ].join(' | ')
}
