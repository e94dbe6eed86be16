import type { OverTheWire, Reading } from './measuring.js'

type Figures = Readonly<Record<'packetsPerSecond' | 'p50Ms' | 'p95Ms' | 'p99Ms', number>>

export function printReport({ readings, halfLoad, residentMb }: OverTheWire, pipeline: Record<string, number>): void {
  const rows: Record<string, unknown>[] = []
  const figures: Record<string, Record<string, Figures>> = {}
  for (const [target, byInFlight] of readings) {
    for (const [inFlight, rounds] of byInFlight) {
      const middle = medianOf(rounds)
      rows.push({ target, inFlight, ...figuresOf(middle), ...coresOf(middle) })
      figures[target] = { ...figures[target], [inFlight]: figuresOf(middle) }
    }
  }
  rows.push({ target: 'postgres at half', inFlight: 64, ...figuresOf(halfLoad), ...coresOf(halfLoad) })
  console.table(rows)
  console.table(Object.entries(pipeline).map(([routes, packetsPerSecond]) => ({ routes, packetsPerSecond })))
  for (const [target, mb] of Object.entries(residentMb))
    console.log(`${target}: ${Math.round(Number.parseFloat(mb))} MB resident`)
  const share = (target: string) => shareOf(figures, target)
  console.log(`Of the proxy's packets at 64 in flight: ${share('postgres')} on Postgres, ${share('memory')} on memory`)
  console.log(JSON.stringify({ ...figures, pipeline, halfLoad: figuresOf(halfLoad) }))
}

function shareOf(figures: Readonly<Record<string, Record<string, Figures>>>, target: string): string {
  const [own, ceiling] = [figures[target]?.['64'], figures.proxy?.['64']]
  return own && ceiling ? `${Math.round((100 * own.packetsPerSecond) / ceiling.packetsPerSecond)} %` : 'unknown'
}

/** The round in the middle, whole: its latencies belong to its rate. */
function medianOf(rounds: readonly Reading[]): Reading {
  const sorted = [...rounds].sort((a, b) => a.packetsPerSecond - b.packetsPerSecond)
  const middle = sorted[Math.floor(sorted.length / 2)]
  if (!middle) throw new Error('nothing was measured')
  return middle
}

function figuresOf({ packetsPerSecond, p50Ms, p95Ms, p99Ms }: Reading): Figures {
  return { packetsPerSecond: Math.round(packetsPerSecond), p50Ms: cut(p50Ms), p95Ms: cut(p95Ms), p99Ms: cut(p99Ms) }
}

/** What a packet costs says more than packets per second where others use the machine too. */
function coresOf({ cores, packetsPerSecond }: Reading): Record<string, string> {
  const shares = Object.entries(cores).map(([name, share]) => [`${name} cores`, share.toFixed(2)])
  const microseconds = ((cores.node ?? 0) * 1_000_000) / packetsPerSecond
  return { ...Object.fromEntries(shares), 'node µs per packet': microseconds.toFixed(0) }
}

function cut(ms: number): number {
  return Math.round(ms * 100) / 100
}
