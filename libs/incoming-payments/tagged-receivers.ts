import { type LocalDestination, LocalReceiver, type Refusal } from '@kivuko/connector'
import type { Prepare, Reply } from '@kivuko/ilp'
import type { StreamReceiver } from './stream-receiver.js'
import type { StreamServers } from './stream-servers.js'
import type { WalletAddressReceiver } from './wallet-address-receiver.js'

// Wallet addresses that are paid in the same hour; the first known make room.
const MAX_KNOWN = 10_000

/** The receivers of this node's STREAM addresses, by what the address' token names. */
export class TaggedReceivers extends LocalReceiver {
  /** Ids that were wallet addresses before, so that their packets ask for no payment first. */
  private readonly walletAddressIds = new Set<string>()

  constructor(
    private readonly servers: Pick<StreamServers, 'read'>,
    private readonly payments: StreamReceiver,
    private readonly walletAddresses: WalletAddressReceiver,
  ) {
    super()
  }

  async find(destination: string): Promise<LocalDestination | undefined> {
    const tagged = this.servers.read(destination)
    if (tagged === undefined) return undefined
    const payment = this.walletAddressIds.has(tagged.tag) ? undefined : await this.payments.find(destination)
    if (payment !== undefined) return payment
    const walletAddress = await this.walletAddresses.findTagged(tagged)
    if (walletAddress !== undefined) this.remember(walletAddress.id)
    return walletAddress
  }

  receive(prepare: Prepare, destination: LocalDestination): Promise<Reply> {
    return this.receiverOf(destination).receive(prepare, destination)
  }

  announce(destination: LocalDestination, amount: bigint): Promise<Refusal | bigint | undefined> {
    return this.receiverOf(destination).announce(destination, amount)
  }

  credited(destination: LocalDestination, amount: bigint): Promise<void> {
    return this.receiverOf(destination).credited(destination, amount)
  }

  released(destination: LocalDestination, amount: bigint): void {
    this.receiverOf(destination).released(destination, amount)
  }

  override overtaken(destination: LocalDestination): void {
    this.receiverOf(destination).overtaken(destination)
  }

  override uncertain(destination: LocalDestination): Promise<void> {
    return this.receiverOf(destination).uncertain(destination)
  }

  override answer(reply: Reply, destination: LocalDestination, amount: bigint, isRepeated: boolean) {
    return this.receiverOf(destination).answer(reply, destination, amount, isRepeated)
  }

  private receiverOf({ kind }: LocalDestination): LocalReceiver {
    return kind === 'incoming-payment' ? this.payments : this.walletAddresses
  }

  private remember(id: string): void {
    this.walletAddressIds.add(id)
    const [first] = this.walletAddressIds
    if (this.walletAddressIds.size > MAX_KNOWN && first !== undefined) this.walletAddressIds.delete(first)
  }
}
