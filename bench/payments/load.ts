import { Latencies } from '../connector/latencies.js'
import { AMOUNT, type Network } from './network.js'
import type { Path } from './plan.js'

/** The calls of a payment, and the whole from the first call to the webhook of its end. */
export const STAGES = ['receiver', 'quote', 'create', 'total'] as const
export type Stage = (typeof STAGES)[number]

export interface Measured {
  readonly latencies: Readonly<Record<Stage, Latencies>>
  readonly seconds: number
  /** Created within the time. */
  readonly accepted: number
  /** Whose end was told within the time. */
  readonly completed: number
  /** All that were made, those too that ended after the time. */
  readonly payments: number
}

/** So many users for so long, each with one payment after the other. Resolves when the last has ended. */
export async function runLoad(network: Network, path: Path, users: number, seconds: number): Promise<Measured> {
  const load = new Load(network, path, performance.now() + seconds * 1_000)
  await Promise.all(Array.from({ length: users }, () => load.user()))
  return load.measured(seconds)
}

class Load {
  private readonly latencies = {
    receiver: new Latencies(),
    quote: new Latencies(),
    create: new Latencies(),
    total: new Latencies(),
  }
  private accepted = 0
  private completed = 0
  private payments = 0

  constructor(
    private readonly network: Network,
    private readonly path: Path,
    private readonly endMs: number,
  ) {}

  async user(): Promise<void> {
    while (performance.now() < this.endMs) await this.timed('total', () => this.pay())
  }

  measured(seconds: number): Measured {
    for (const stage of STAGES) this.latencies[stage].over(seconds * 1_000)
    const { latencies, accepted, completed, payments } = this
    return { latencies, seconds, accepted, completed, payments }
  }

  private async pay(): Promise<void> {
    const { sender, receivers } = this.network
    const { admin, operator } = sender.node
    const { walletAddressId } = sender
    const asked = { walletAddressUrl: receivers[this.path], incomingAmount: AMOUNT }
    const receiver = await this.timed('receiver', () =>
      admin.create('createReceiver.receiver', 'CreateReceiverInput', asked),
    )
    const quoteId = await this.timed('quote', () =>
      admin.create('createQuote.quote', 'CreateQuoteInput', { walletAddressId, receiver }),
    )
    const paymentId = await this.timed('create', () =>
      admin.create('createOutgoingPayment.payment', 'CreateOutgoingPaymentInput', { walletAddressId, quoteId }),
    )
    this.payments += 1
    if (performance.now() < this.endMs) this.accepted += 1
    const end = await operator.end(paymentId)
    if (end !== 'outgoing_payment.completed') throw new Error(`the payment ${paymentId} ended with ${end}`)
    if (performance.now() < this.endMs) this.completed += 1
  }

  private async timed<T>(stage: Stage, act: () => Promise<T>): Promise<T> {
    const startedMs = performance.now()
    const result = await act()
    this.latencies[stage].add(performance.now() - startedMs)
    return result
  }
}
