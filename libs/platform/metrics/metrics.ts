import { Counter, Gauge, Histogram, Registry } from 'prom-client'

// Prometheus' own default steps stop at 10 s; a held packet and a payment take longer.
const SECONDS = [0.001, 0.005, 0.01, 0.05, 0.1, 0.5, 1, 5, 15, 30, 60]

/** The process's metrics. Asking for a name again answers the same metric, so rooms need not pass them around. */
export class Metrics {
  private readonly registry = new Registry()
  private readonly counters = new Map<string, Counter>()
  private readonly gauges = new Map<string, Gauge>()
  private readonly histograms = new Map<string, Histogram>()
  private readonly carriers: (() => void | Promise<void>)[] = []

  constructor(instanceName: string) {
    this.registry.setDefaultLabels({ node: instanceName })
  }

  counter(name: string, help: string, labelNames: readonly string[] = []): Counter {
    return remember(
      this.counters,
      name,
      () => new Counter({ name, help, labelNames: [...labelNames], registers: [this.registry] }),
    )
  }

  gauge(name: string, help: string, labelNames: readonly string[] = []): Gauge {
    return remember(
      this.gauges,
      name,
      () => new Gauge({ name, help, labelNames: [...labelNames], registers: [this.registry] }),
    )
  }

  /** Buckets are in the metric's own unit; the default suits seconds. */
  histogram(
    name: string,
    help: string,
    labelNames: readonly string[] = [],
    buckets: readonly number[] = SECONDS,
  ): Histogram {
    return remember(
      this.histograms,
      name,
      () =>
        new Histogram({ name, help, labelNames: [...labelNames], buckets: [...buckets], registers: [this.registry] }),
    )
  }

  /** Called before the metrics are told: for what is counted elsewhere, since a counter here costs a microsecond. */
  beforeText(carryOver: () => void | Promise<void>): void {
    this.carriers.push(carryOver)
  }

  /** All metrics in Prometheus' text format. */
  async text(): Promise<string> {
    // What cannot be asked now is told as it was: the rest is no less true.
    await Promise.allSettled(this.carriers.map(async (carryOver) => carryOver()))
    return this.registry.metrics()
  }

  get contentType(): string {
    return this.registry.contentType
  }
}

function remember<Metric>(known: Map<string, Metric>, name: string, create: () => Metric): Metric {
  const found = known.get(name)
  if (found) return found
  const created = create()
  known.set(name, created)
  return created
}
