import { type LocalDestination, LocalReceiver, type Refusal } from '@kivuko/connector'
import { encodeAmountTooLarge, type Prepare, type Reply } from '@kivuko/ilp'
import { assert, type Clock } from '@kivuko/platform'
import type { HeldPayment } from './held-payment.js'
import type { HeldPayments } from './held-payments.js'
import type { ReceivedAmounts } from './received-amounts.js'
import { isMoney, streamPrepare, streamReply } from './stream-reply.js'
import type { StreamServers } from './stream-servers.js'

/** One packet on its way into an incoming payment. */
class PacketDestination implements LocalDestination {
  readonly kind = 'incoming-payment'
  readonly id: string
  readonly tenantId: string
  readonly accountId: LocalDestination['accountId']
  readonly asset: LocalDestination['asset']
  /** As the receiver was shown it. */
  prepare: Prepare | undefined

  constructor(readonly payment: HeldPayment) {
    this.id = payment.id
    this.tenantId = payment.tenantId
    this.accountId = payment.accountId
    this.asset = payment.asset
  }
}

/**
 * Takes the packets whose address carries an incoming payment. All that comes before the ledger's post is decided from
 * memory; the row follows the credit.
 */
export class StreamReceiver extends LocalReceiver {
  constructor(
    private readonly servers: StreamServers,
    private readonly heldPayments: Pick<HeldPayments, 'find' | 'forget'>,
    private readonly receivedAmounts: Pick<ReceivedAmounts, 'follow' | 'record'>,
    private readonly clock: Clock,
  ) {
    super()
  }

  async find(destination: string): Promise<LocalDestination | undefined> {
    const tagged = this.servers.read(destination)
    if (tagged === undefined) return undefined
    const payment = await this.heldPayments.find(tagged.tag)
    return payment?.tenantId === tagged.tenantId ? new PacketDestination(payment) : undefined
  }

  async receive(prepare: Prepare, destination: LocalDestination): Promise<Reply> {
    const packet = ours(destination)
    packet.prepare = prepare
    const answer = this.servers.of(packet.tenantId).createReply(streamPrepare(prepare))
    // Probes and packets without money bring nothing: they are answered whatever the payment's state.
    return streamReply(isMoney(answer) ? answer.accept() : answer)
  }

  async announce(destination: LocalDestination, amount: bigint): Promise<Refusal | bigint> {
    const packet = ours(destination)
    const taken = this.closed(packet) ?? this.fitting(packet, amount)
    if (typeof taken === 'bigint') packet.payment.accept(taken)
    return taken
  }

  async credited(destination: LocalDestination, amount: bigint): Promise<void> {
    const { payment } = ours(destination)
    payment.settle(amount, true)
    await this.receivedAmounts.follow(payment)
  }

  released(destination: LocalDestination, amount: bigint): void {
    ours(destination).payment.settle(amount, false)
  }

  override overtaken({ id }: LocalDestination): void {
    this.heldPayments.forget(id)
  }

  override async uncertain(destination: LocalDestination): Promise<void> {
    const { id, incomingAmount } = ours(destination).payment
    this.heldPayments.forget(id)
    await this.receivedAmounts.follow({ id, incomingAmount })
  }

  /** A sender reads what was credited, also where that is less than the packet brought. */
  override answer(reply: Reply, destination: LocalDestination, amount: bigint): Reply {
    const packet = ours(destination)
    return packet.prepare?.amount === amount ? reply : (this.acceptance(packet, amount) ?? reply)
  }

  private closed({ id, payment }: PacketDestination): Refusal | undefined {
    const reason = payment.closedBecause(this.clock.nowMs())
    return reason === undefined ? undefined : { code: 'F07', message: `incoming payment ${id} ${reason}` }
  }

  /** The last packet of an exact delivery may bring more by rounding. Its sender's minimum tells that from an overpayment. */
  private fitting(packet: PacketDestination, amount: bigint): Refusal | bigint {
    const missing = packet.payment.missing()
    if (missing === undefined || amount <= missing) return amount
    const { id } = packet
    // Packets in flight may still fail, so this is for now and not for good.
    if (missing <= 0n) return { code: 'T99', message: `packets in flight cover what incoming payment ${id} asks for` }
    if (this.acceptance(packet, missing) !== undefined) return missing
    return {
      code: 'F08',
      message: `incoming payment ${id} asks for ${missing} more, this packet brings ${amount}`,
      data: encodeAmountTooLarge({ receivedAmount: amount, maximumAmount: missing }),
    }
  }

  /** The fulfill for a packet that brought `amount`; undefined where its sender would not be content with that. */
  private acceptance({ tenantId, prepare }: PacketDestination, amount: bigint): Reply | undefined {
    assert(prepare, 'a packet is shown to its receiver first')
    const answer = this.servers.of(tenantId).createReply(streamPrepare(prepare, amount))
    return isMoney(answer) ? streamReply(answer.accept()) : undefined
  }
}

function ours(destination: LocalDestination): PacketDestination {
  assert(destination instanceof PacketDestination, 'a receiver is handed back the destination it found')
  return destination
}
