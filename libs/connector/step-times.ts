import type { Metrics } from '@kivuko/platform'
import type { Packet } from './packet.js'
import { fold, type Handler, type Step } from './step.js'

// A measured packet pays some 100 µs, so that one in 256 costs each less than half a microsecond; all others only count.
const MEASURED_EVERY = 256
// Steps in memory take microseconds, the ledger and the next hop milliseconds, a held packet seconds.
const STEP_SECONDS = [0.000_005, 0.000_02, 0.000_1, 0.000_5, 0.001, 0.002, 0.005, 0.01, 0.025, 0.05, 0.1, 0.5, 2.5, 30]

type Observe = (step: string, seconds: number) => void

/** The steps of a pipeline by their names, in their order. */
export type NamedSteps = Readonly<Record<string, Step>>

/** How long each step takes by itself, without those it asks: a sample of the packets, as a histogram. */
export class StepTimes {
  private readonly observe: Observe

  constructor(
    metrics: Pick<Metrics, 'histogram'>,
    private readonly measuredEvery = MEASURED_EVERY,
  ) {
    const help = `Time within one step of the pipeline, of one packet in ${measuredEvery}`
    const seconds = metrics.histogram('ilp_connector_step_seconds', help, ['step'], STEP_SECONDS)
    const byStep = new Map<string, ReturnType<typeof seconds.labels>>()
    this.observe = (step, value) => {
      const known = byStep.get(step) ?? seconds.labels(step)
      byStep.set(step, known)
      known.observe(value)
    }
  }

  /** The same steps folded twice: as they are, and with a watch on each. */
  fold(steps: NamedSteps, last: Handler): Handler {
    const plain = fold(Object.values(steps), last)
    const watched = Object.entries(steps).map(([name, step]) => watch(name, step, this.observe))
    const measured = fold([...watched, watch('deliver', () => last, this.observe)], last)
    let sinceMeasured = 0
    return (packet) => {
      sinceMeasured++
      if (sinceMeasured < this.measuredEvery) return plain(packet)
      sinceMeasured = 0
      return measured(packet)
    }
  }
}

/** The step, and what it takes less what the next ones take. */
function watch(name: string, step: Step, observe: Observe): Step {
  const further = new WeakMap<Packet, number>()
  return (next) => {
    const timed = step(async (packet) => {
      const startedMs = performance.now()
      try {
        return await next(packet)
      } finally {
        further.set(packet, (further.get(packet) ?? 0) + performance.now() - startedMs)
      }
    })
    return async (packet) => {
      const startedMs = performance.now()
      try {
        return await timed(packet)
      } finally {
        const ownMs = performance.now() - startedMs - (further.get(packet) ?? 0)
        observe(name, Math.max(ownMs, 0) / 1_000)
      }
    }
  }
}
