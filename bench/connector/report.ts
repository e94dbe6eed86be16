import type { OverTheWire, Reading, Steady } from './measuring.js'

type Figures = Readonly<Record<'packetsPerSecond' | 'p50Ms' | 'p95Ms' | 'p99Ms', number>>

export function printReport(overTheWire: OverTheWire, pipeline: Record<string, number>): void {
  const { readings, halfLoad, residentMb, steady } = overTheWire
  const rows: Record<string, unknown>[] = []
  const figures: Record<string, Record<string, Figures>> = {}
  for (const [target, byInFlight] of readings) {
    for (const [inFlight, rounds] of byInFlight) {
      const middle = medianOf(rounds)
      rows.push({ target, inFlight, ...figuresOf(middle), ...coresOf(middle) })
      figures[target] = { ...figures[target], [inFlight]: figuresOf(middle) }
    }
  }
  if (halfLoad) rows.push({ target: 'postgres at half', inFlight: 64, ...figuresOf(halfLoad), ...coresOf(halfLoad) })
  console.table(rows)
  console.table(Object.entries(pipeline).map(([routes, packetsPerSecond]) => ({ routes, packetsPerSecond })))
  for (const [target, mb] of Object.entries(residentMb)) console.log(`${target}: ${mb} MB resident`)
  for (const target of Object.keys(figures)) console.log(shareOf(figures, target, 'proxy'))
  if (figures.full) console.log(shareOf(figures, 'full', 'postgres'))
  const half = halfLoad && figuresOf(halfLoad)
  console.log(JSON.stringify({ ...figures, pipeline, halfLoad: half, residentMb, steady: steady && summaryOf(steady) }))
}

/** Minute by minute for people; from beginning to end in the last line. */
function summaryOf({ parts, residentMb }: Steady) {
  console.table(
    parts.map((part, index) => ({ ...figuresOf(part), ...coresOf(part), residentMb: residentMb[index + 1] })),
  )
  const rates = parts.map(({ packetsPerSecond }) => Math.round(packetsPerSecond))
  return { firstPerSecond: rates[0], lastPerSecond: rates.at(-1), highestMb: Math.max(...residentMb), residentMb }
}

function shareOf(figures: Readonly<Record<string, Record<string, Figures>>>, target: string, of: string): string {
  const [own, whole] = [figures[target]?.['64'], figures[of]?.['64']]
  const share = own && whole ? Math.round((100 * own.packetsPerSecond) / whole.packetsPerSecond) : Number.NaN
  return `${target}: ${share} % of ${of}'s packets per second at 64 in flight`
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
