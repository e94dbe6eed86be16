import type { IlpErrorCode, Reply } from '@kivuko/ilp'
import type { Metrics } from '@kivuko/platform'
import type { Packet } from './packet.js'

type Counter = ReturnType<Metrics['counter']>
type LabelledCounter = ReturnType<Counter['labels']>

const ACCOUNT = ['account', 'asset', 'scale'] as const
// A forwarded packet takes a few milliseconds, a held one up to the longest hold.
const PACKET_SECONDS = [0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30]

/** Counters under the classic connector's names, so that existing dashboards work, and a few of our own. */
export class ConnectorMetrics {
  private readonly incomingPackets: Counter
  private readonly incomingValue: Counter
  private readonly outgoingPackets: Counter
  private readonly outgoingValue: Counter
  private readonly rateLimited: Counter
  private readonly unresolved: Counter
  private readonly unconfirmed: Counter
  private readonly seconds: ReturnType<Metrics['histogram']>
  private readonly labelled = new Map<string, LabelledCounter>()

  constructor(metrics: Metrics) {
    const packetLabels = [...ACCOUNT, 'result', 'code']
    const valueLabels = [...ACCOUNT, 'result']
    const name = (suffix: string) => `ilp_connector_${suffix}`
    this.incomingPackets = metrics.counter(name('incoming_ilp_packets'), 'Packets received, by account', packetLabels)
    this.incomingValue = metrics.counter(name('incoming_ilp_packet_value'), 'Amounts of packets received', valueLabels)
    this.outgoingPackets = metrics.counter(name('outgoing_ilp_packets'), 'Packets sent on, by account', packetLabels)
    this.outgoingValue = metrics.counter(name('outgoing_ilp_packet_value'), 'Amounts of packets sent on', valueLabels)
    this.rateLimited = metrics.counter(name('rate_limited_ilp_packets'), 'Packets refused by the rate limit', ACCOUNT)
    this.unresolved = metrics.counter(name('unresolved_ilp_packets'), 'Packets whose next hop never answered', ACCOUNT)
    this.unconfirmed = metrics.counter(
      name('unconfirmed_ledger_calls'),
      'Posts, voids and transfers that the ledger did not confirm at once: alarm when it rises',
      ['verb', 'result'],
    )
    this.seconds = metrics.histogram(name('packet_seconds'), 'Time to answer a packet', ['result'], PACKET_SECONDS)
  }

  answered(packet: Packet, reply: Reply, durationMs: number): void {
    const { source, destination, prepare } = packet
    const code = reply.type === 'reject' ? reply.code : undefined
    // One label for all our payments: each would otherwise leave a series behind forever.
    const incoming = labelsOf(source.kind === 'peer' ? source.id : 'outgoing-payments', source.asset)
    this.count(this.incomingPackets, this.incomingValue, incoming, prepare.amount, code)
    if (code === 'T05' && !packet.isSent) this.labelledBy(this.rateLimited, 'limited', incoming).inc()
    if (packet.isSent && destination) {
      const outgoing = labelsOf(destination.id, destination.asset)
      this.count(this.outgoingPackets, this.outgoingValue, outgoing, packet.destinationAmount, code)
      if (packet.isUnresolved) this.labelledBy(this.unresolved, 'unresolved', outgoing).inc()
    }
    this.seconds.labels(code === undefined ? 'fulfilled' : 'rejected').observe(durationMs / 1_000)
  }

  ledgerDidNotConfirm(verb: 'post' | 'void' | 'transfer', result: 'retried' | 'given-up' | 'refused'): void {
    this.unconfirmed.labels(verb, result).inc()
  }

  private count(
    packets: Counter,
    value: Counter,
    account: string[],
    amount: bigint,
    code: IlpErrorCode | undefined,
  ): void {
    const result = code === undefined ? 'fulfilled' : 'rejected'
    const side = packets === this.incomingPackets ? 'in' : 'out'
    this.labelledBy(packets, `${side}-packets`, [...account, result, code ?? '']).inc()
    this.labelledBy(value, `${side}-value`, [...account, result]).inc(asMetric(amount))
  }

  /** Looking labels up again costs more than the rest of a count. Bounded by accounts × results × codes. */
  private labelledBy(counter: Counter, name: string, labels: string[]): LabelledCounter {
    const key = `${name}|${labels.join('|')}`
    const known = this.labelled.get(key)
    if (known) return known
    const child = counter.labels(...labels)
    this.labelled.set(key, child)
    return child
  }
}

function labelsOf(account: string, asset: { readonly code: string; readonly scale: number }): string[] {
  return [account, asset.code, asset.scale.toString()]
}

/** Prometheus counts in doubles; what it shows is a trend, the exact sums are in the ledger. */
function asMetric(value: bigint): number {
  return Number(value)
}
