import type { IlpErrorCode, Reply } from '@kivuko/ilp'
import type { Metrics } from '@kivuko/platform'
import type { Destination, Packet } from './packet.js'

type Counter = ReturnType<Metrics['counter']>
type LabelledCounter = ReturnType<Counter['labels']>
type Histogram = ReturnType<Metrics['histogram']>
type Side = 'incoming' | 'outgoing'

interface LabelledAsset {
  readonly code: string
  readonly scale: number
}

/** The two counters of one account, direction and outcome, and what is not yet counted there. */
interface Tally {
  readonly packets: LabelledCounter
  readonly value: LabelledCounter
  packetCount: number
  valueCount: bigint
}

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
  private readonly lateFulfills: Counter
  private readonly unconfirmed: Counter
  private readonly surplus: Counter
  private readonly fulfilledSeconds: ReturnType<Histogram['labels']>
  private readonly rejectedSeconds: ReturnType<Histogram['labels']>
  private readonly tallies = new Map<string, Tally>()

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
    this.lateFulfills = metrics.counter(name('late_ilp_fulfills'), 'Fulfills that came after the expiry', ACCOUNT)
    this.unconfirmed = metrics.counter(
      name('unconfirmed_ledger_calls'),
      'Posts, voids and transfers that the ledger did not confirm at once: alarm when it rises',
      ['verb', 'result'],
    )
    this.surplus = metrics.counter(
      name('kept_surplus_value'),
      'What last packets brought beyond what was asked for; it stays in the liquidity of the asset',
      ['asset', 'scale'],
    )
    const seconds = metrics.histogram(name('packet_seconds'), 'Time to answer a packet', ['result'], PACKET_SECONDS)
    this.fulfilledSeconds = seconds.labels('fulfilled')
    this.rejectedSeconds = seconds.labels('rejected')
    metrics.beforeText(() => this.carryOver())
  }

  answered(packet: Packet, reply: Reply, durationMs: number): void {
    const { source, destination } = packet
    const code = reply.type === 'reject' ? reply.code : undefined
    // One label for all our payments: each would otherwise leave a series behind forever.
    const account = source.kind === 'peer' ? source.id : 'outgoing-payments'
    count(this.tallyOf('incoming', account, source.asset, code), packet.prepare.amount)
    if (packet.isSent && destination) {
      count(this.tallyOf('outgoing', destination.id, destination.asset, code), packet.destinationAmount)
      if (packet.isUnresolved) this.unresolved.labels(...labelsOf(destination.id, destination.asset)).inc()
    } else if (code === 'T05') this.rateLimited.labels(...labelsOf(source.id, source.asset)).inc()
    const seconds = code === undefined ? this.fulfilledSeconds : this.rejectedSeconds
    seconds.observe(durationMs / 1_000)
  }

  /** The next hop counts it, we have rejected it: the two sides' books differ by it. */
  fulfilledLate({ id, asset }: Destination): void {
    this.lateFulfills.labels(...labelsOf(id, asset)).inc()
  }

  keptSurplus({ code, scale }: LabelledAsset, surplus: bigint): void {
    this.surplus.labels(code, scale.toString()).inc(asMetric(surplus))
  }

  ledgerDidNotConfirm(verb: 'post' | 'void' | 'transfer', result: 'retried' | 'given-up' | 'refused'): void {
    this.unconfirmed.labels(verb, result).inc()
  }

  /** A counter of the registry costs a microsecond each time: packets are summed up here, and told when asked for. */
  private carryOver(): void {
    for (const tally of this.tallies.values()) {
      tally.packets.inc(tally.packetCount)
      tally.value.inc(asMetric(tally.valueCount))
      tally.packetCount = 0
      tally.valueCount = 0n
    }
  }

  /** Looking labels up again would cost more than counting. Bounded by accounts × codes. */
  private tallyOf(side: Side, account: string, asset: LabelledAsset, code: IlpErrorCode | undefined): Tally {
    const key = `${side}${account}${code ?? ''}`
    const known = this.tallies.get(key)
    if (known) return known
    const result = code === undefined ? 'fulfilled' : 'rejected'
    const labels = [...labelsOf(account, asset), result]
    const isIncoming = side === 'incoming'
    const packets = (isIncoming ? this.incomingPackets : this.outgoingPackets).labels(...labels, code ?? '')
    const value = (isIncoming ? this.incomingValue : this.outgoingValue).labels(...labels)
    const tally: Tally = { packets, value, packetCount: 0, valueCount: 0n }
    this.tallies.set(key, tally)
    return tally
  }
}

function count(tally: Tally, amount: bigint): void {
  tally.packetCount++
  tally.valueCount += amount
}

function labelsOf(account: string, asset: LabelledAsset): string[] {
  return [account, asset.code, asset.scale.toString()]
}

/** Prometheus counts in doubles; what it shows is a trend, the exact sums are in the ledger. */
function asMetric(value: bigint): number {
  return Number(value)
}
