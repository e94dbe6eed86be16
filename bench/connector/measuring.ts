import { databaseCpuMs } from './database-cpu.js'
import { Generator } from './generator.js'
import type { Latencies } from './latencies.js'
import { type Plan, SLICE_MS, TARGET_IN_FLIGHT, WARM_UP_MS } from './plan.js'
import type { BenchProcess } from './process.js'

const PARTS_PER_MINUTE = 4

/** One turn: what came through, how long it took, and what each process used of a core. */
export interface Reading {
  readonly packetsPerSecond: number
  readonly p50Ms: number
  readonly p95Ms: number
  readonly p99Ms: number
  /** Share of one core, by process. */
  readonly cores: Readonly<Record<string, number>>
}

export interface OverTheWire {
  /** By target and packets in flight: one reading per round. */
  readonly readings: ReadonlyMap<string, ReadonlyMap<number, readonly Reading[]>>
  /** The durable node at half of what it can do. */
  readonly halfLoad: Reading | undefined
  readonly residentMb: Readonly<Record<string, number>>
  /** The durable node kept busy for minutes; undefined when that was not asked for. */
  readonly steady: Steady | undefined
}

/** One long run at TARGET_IN_FLIGHT, part by part. */
export interface Steady {
  readonly parts: readonly Reading[]
  /** After each part, and first before all. */
  readonly residentMb: readonly number[]
}

/** The targets take turns of a few seconds: what else the machine does meanwhile falls on all of them alike. */
export class Measuring {
  private readonly readings = new Map<string, Map<number, Reading[]>>()
  private readonly fulfilled = new Map<string, number>()

  constructor(
    private readonly targets: readonly BenchProcess[],
    private readonly stub: BenchProcess,
    private readonly clusterFolder: string,
    private readonly plan: Pick<Plan, 'inFlight' | 'rounds' | 'minutes'>,
  ) {}

  async run(): Promise<OverTheWire> {
    for (const target of this.targets) await this.turn(target, TARGET_IN_FLIGHT, WARM_UP_MS)
    for (let round = 0; round < this.plan.rounds; round++) {
      for (const inFlight of this.plan.inFlight) {
        for (const target of this.targets) this.keep(target, inFlight, await this.turn(target, inFlight, SLICE_MS))
      }
    }
    const halfLoad = await this.halfLoad()
    const resident = await Promise.all(this.targets.map(async (target) => [target.name, await target.residentMb()]))
    const steady = await this.steady()
    for (const target of this.targets) await this.checkSums(target)
    return { readings: this.readings, halfLoad, residentMb: Object.fromEntries(resident), steady }
  }

  private async steady(): Promise<Steady | undefined> {
    const durable = this.targets.findLast(({ name }) => name === 'full' || name === 'postgres')
    if (this.plan.minutes === 0 || durable === undefined) return undefined
    const parts: Reading[] = []
    const residentMb = [await durable.residentMb()]
    for (let part = 0; part < this.plan.minutes * PARTS_PER_MINUTE; part++) {
      parts.push(await this.turn(durable, TARGET_IN_FLIGHT, 60_000 / PARTS_PER_MINUTE))
      residentMb.push(await durable.residentMb())
    }
    return { parts, residentMb }
  }

  private async halfLoad(): Promise<Reading | undefined> {
    const durable = this.targets.find(({ name }) => name === 'postgres')
    const full = durable && this.readings.get(durable.name)?.get(TARGET_IN_FLIGHT)
    if (!durable || !full) return undefined
    const mean = full.reduce((sum, { packetsPerSecond }) => sum + packetsPerSecond, 0) / full.length
    return this.turn(durable, TARGET_IN_FLIGHT, SLICE_MS * this.plan.rounds, mean / 2)
  }

  private async turn(target: BenchProcess, inFlight: number, forMs: number, rate?: number): Promise<Reading> {
    const generator = await Generator.connect(target.url, inFlight)
    const before = await this.cpuMs(target)
    const startedMs = performance.now()
    const latencies = await (rate === undefined ? generator.run(forMs) : generator.runAt(rate, forMs))
    const tookMs = performance.now() - startedMs
    const after = await this.cpuMs(target)
    generator.close()
    this.fulfilled.set(target.name, (this.fulfilled.get(target.name) ?? 0) + latencies.packets)
    const cores = Object.keys(after).map((name) => [name, ((after[name] ?? 0) - (before[name] ?? 0)) / tookMs])
    return readingOf(latencies, Object.fromEntries(cores))
  }

  private async cpuMs(target: BenchProcess): Promise<Record<string, number>> {
    const { user, system } = process.cpuUsage()
    const [node, stub, database] = await Promise.all([
      target.cpuMs(),
      this.stub.cpuMs(),
      databaseCpuMs(this.clusterFolder),
    ])
    return { node, stub, database: database ?? Number.NaN, generator: (user + system) / 1_000 }
  }

  /** Each packet that was fulfilled is charged once, and nothing else is. */
  private async checkSums(target: BenchProcess): Promise<void> {
    if (target.name === 'proxy') return
    const moved = await target.ask('moved')
    const fulfilled = String(this.fulfilled.get(target.name))
    if (moved !== fulfilled) throw new Error(`${target.name}: ${fulfilled} packets were fulfilled, ${moved} charged`)
  }

  private keep(target: BenchProcess, inFlight: number, reading: Reading): void {
    const ofTarget = this.readings.get(target.name) ?? new Map<number, Reading[]>()
    this.readings.set(target.name, ofTarget)
    ofTarget.set(inFlight, [...(ofTarget.get(inFlight) ?? []), reading])
  }
}

function readingOf(latencies: Latencies, cores: Readonly<Record<string, number>>): Reading {
  const percentiles = {
    p50Ms: latencies.percentileMs(50),
    p95Ms: latencies.percentileMs(95),
    p99Ms: latencies.percentileMs(99),
  }
  return { packetsPerSecond: latencies.packetsPerSecond, ...percentiles, cores }
}
