import type { IlpErrorCode, Reject, Reply } from '@kivuko/ilp'
import type { Metrics } from '@kivuko/platform'
import type { Alarm, AlertKind, Alerts } from './alerts.js'
import { PEER_UNREACHABLE } from './deliver.js'
import type { Destination, Packet } from './packet.js'

type Counter = ReturnType<Metrics['counter']>
type LabelledCounter = ReturnType<Counter['labels']>
type Histogram = ReturnType<Metrics['histogram']>
type Side = 'incoming' | 'outgoing'

interface LabelledAsset {
  readonly code: string
  readonly scale: number
}

/** What packets in one direction came to, since the process started. Amounts are in the account's asset. */
export interface DirectionTraffic {
  readonly fulfilledPackets: number
  readonly fulfilledAmount: bigint
  readonly rejectedPackets: ReadonlyMap<IlpErrorCode, number>
  readonly rejectedAmount: bigint
}

export type AccountTraffic = Readonly<Record<Side, DirectionTraffic>>

/** One account, direction and outcome: its sums, how much of them its two counters have been told. */
interface Tally {
  readonly side: Side
  readonly account: string
  readonly code: IlpErrorCode | undefined
  readonly packets: LabelledCounter
  readonly value: LabelledCounter
  packetCount: number
  valueCount: bigint
  toldPackets: number
  toldValue: bigint
}

const ACCOUNT = ['account', 'asset', 'scale'] as const
// A forwarded packet takes a few milliseconds, a held one up to the longest hold.
const PACKET_SECONDS = [0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30]

// The classic connector's names for money between peers, so that its dashboards find them.
const NONE_YET =
  'no sample until this node settles by itself: deposits and withdrawals of the operator move the balance'
const OF_SETTLEMENT = {
  incoming_money: `Money received from peers in settlements; ${NONE_YET}`,
  outgoing_money: `Money sent to peers in settlements; ${NONE_YET}`,
  rate_limited_money: `Settlements refused by the rate limit; ${NONE_YET}`,
} as const

/** Counters under the classic connector's names, so that existing dashboards work, and a few of our own. */
export class ConnectorMetrics {
  private readonly incomingPackets: Counter
  private readonly incomingValue: Counter
  private readonly outgoingPackets: Counter
  private readonly outgoingValue: Counter
  private readonly rateLimited: Counter
  private readonly withoutPlace: Counter
  private readonly unresolved: Counter
  private readonly lateFulfills: Counter
  private readonly unconfirmed: Counter
  private readonly surplus: Counter
  private readonly fulfilledSeconds: ReturnType<Histogram['labels']>
  private readonly rejectedSeconds: ReturnType<Histogram['labels']>
  private readonly tallies = new Map<string, Tally>()

  constructor(
    metrics: Metrics,
    private readonly alerts?: Alerts,
  ) {
    const packetLabels = [...ACCOUNT, 'result', 'code']
    const valueLabels = [...ACCOUNT, 'result']
    const name = (suffix: string) => `ilp_connector_${suffix}`
    this.incomingPackets = metrics.counter(name('incoming_ilp_packets'), 'Packets received, by account', packetLabels)
    this.incomingValue = metrics.counter(name('incoming_ilp_packet_value'), 'Amounts of packets received', valueLabels)
    this.outgoingPackets = metrics.counter(name('outgoing_ilp_packets'), 'Packets sent on, by account', packetLabels)
    this.outgoingValue = metrics.counter(name('outgoing_ilp_packet_value'), 'Amounts of packets sent on', valueLabels)
    this.rateLimited = metrics.counter(name('rate_limited_ilp_packets'), 'Packets refused by the rate limit', ACCOUNT)
    this.withoutPlace = metrics.counter(
      name('busy_next_hop_ilp_packets'),
      'Packets refused because no place for them became free at their next hop, by its account',
      ACCOUNT,
    )
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
    for (const [suffix, help] of Object.entries(OF_SETTLEMENT)) metrics.counter(name(suffix), help, ACCOUNT)
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
      if (reply.type === 'reject') this.refusedByNextHop(packet, destination, reply)
    } else if (code === 'T05') this.rateLimited.labels(...labelsOf(source.id, source.asset)).inc()
    const seconds = code === undefined ? this.fulfilledSeconds : this.rejectedSeconds
    seconds.observe(durationMs / 1_000)
  }

  /** The next hop counts it, we have rejected it: the two sides' books differ by it. */
  fulfilledLate(account: Destination): void {
    this.lateFulfills.labels(...labelsOf(account.id, account.asset)).inc()
    this.alert('fulfilled-late', account, '', 'fulfilled a packet after it had been rejected to its source.')
  }

  foundNoPlace({ id, asset }: Destination): void {
    this.withoutPlace.labels(...labelsOf(id, asset)).inc()
  }

  /** Nothing can be sent there at the moment: `reply` is what the source is told. */
  unreachable(destination: Destination, { triggeredBy, message }: Reject): void {
    this.alert('peer-unreachable', destination, triggeredBy, message)
  }

  keptSurplus({ code, scale }: LabelledAsset, surplus: bigint): void {
    this.surplus.labels(code, scale.toString()).inc(asMetric(surplus))
  }

  ledgerDidNotConfirm(verb: 'post' | 'void' | 'transfer', result: 'retried' | 'given-up' | 'refused'): void {
    this.unconfirmed.labels(verb, result).inc()
    this.alert('unconfirmed', undefined, '', `the ledger did not confirm a ${verb}: ${result}`)
  }

  /** Packets and amounts of these accounts; one that had none is absent. */
  trafficOf(accounts: ReadonlySet<string>): ReadonlyMap<string, AccountTraffic> {
    const found = new Map<string, Tally[]>()
    for (const tally of this.tallies.values()) {
      if (accounts.has(tally.account)) found.set(tally.account, [...(found.get(tally.account) ?? []), tally])
    }
    return new Map(Array.from(found, ([account, tallies]) => [account, trafficFrom(tallies)]))
  }

  private refusedByNextHop(packet: Packet, destination: Destination, { code, triggeredBy, message }: Reject): void {
    if (packet.isUnresolved) {
      this.unresolved.labels(...labelsOf(destination.id, destination.asset)).inc()
      this.alert('unresolved', destination, triggeredBy, 'did not answer a packet before it expired.')
    } else if (code === 'T04') this.alert('no-liquidity-at-peer', destination, triggeredBy, message)
    else if (code === 'T01' && message.startsWith(PEER_UNREACHABLE))
      this.alert('peer-unreachable', destination, triggeredBy, message)
  }

  private alert(kind: AlertKind, account: Alarm['account'], triggeredBy: string, message: string): void {
    this.alerts?.raise({
      kind,
      account: account && { id: account.id, tenantId: account.tenantId },
      triggeredBy,
      message,
    })
  }

  /** A counter of the registry costs a microsecond each time: packets are summed up here, and told when asked for. */
  private carryOver(): void {
    for (const tally of this.tallies.values()) {
      tally.packets.inc(tally.packetCount - tally.toldPackets)
      tally.value.inc(asMetric(tally.valueCount - tally.toldValue))
      tally.toldPackets = tally.packetCount
      tally.toldValue = tally.valueCount
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
    const nothing = { packetCount: 0, valueCount: 0n, toldPackets: 0, toldValue: 0n }
    const tally: Tally = { side, account, code, packets, value, ...nothing }
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

function trafficFrom(tallies: readonly Tally[]): AccountTraffic {
  return {
    incoming: directionFrom(tallies.filter(({ side }) => side === 'incoming')),
    outgoing: directionFrom(tallies.filter(({ side }) => side === 'outgoing')),
  }
}

function directionFrom(tallies: readonly Tally[]): DirectionTraffic {
  const rejectedPackets = new Map<IlpErrorCode, number>()
  const sums = { fulfilledPackets: 0, fulfilledAmount: 0n, rejectedAmount: 0n }
  for (const { code, packetCount, valueCount } of tallies) {
    if (code === undefined) {
      sums.fulfilledPackets += packetCount
      sums.fulfilledAmount += valueCount
    } else {
      rejectedPackets.set(code, packetCount)
      sums.rejectedAmount += valueCount
    }
  }
  return { ...sums, rejectedPackets }
}
