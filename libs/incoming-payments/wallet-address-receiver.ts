import { idFromUuid } from '@kivuko/accounting'
import { type LocalDestination, LocalReceiver, type Refusal } from '@kivuko/connector'
import type { Prepare, Reply } from '@kivuko/ilp'
import { assert, type Clock, DomainError } from '@kivuko/platform'
import { isActive, type WalletAddress, type WalletAddressesService } from '@kivuko/wallet-addresses'
import type { ConnectionTotals } from './connection-totals.js'
import { isMoney, streamPrepare, streamReply } from './stream-reply.js'
import type { PaymentTag, StreamServers } from './stream-servers.js'
import type { WalletAddressReceipts } from './wallet-address-receipts.js'

/** One packet on its way to a wallet address itself. */
class DirectDestination implements LocalDestination {
  readonly kind = 'wallet-address'
  readonly id: string
  readonly tenantId: string
  readonly accountId: LocalDestination['accountId']
  readonly asset: LocalDestination['asset']
  /** Set when the packet is counted in its connection's total. */
  connectionId: string | undefined

  constructor(readonly walletAddress: WalletAddress) {
    this.id = walletAddress.id
    this.tenantId = walletAddress.tenantId
    this.accountId = idFromUuid(walletAddress.id)
    this.asset = walletAddress.asset
  }
}

/** Takes the packets of SPSP's senders: money for a wallet address that no incoming payment asked for. */
export class WalletAddressReceiver extends LocalReceiver {
  constructor(
    private readonly servers: Pick<StreamServers, 'of' | 'read'>,
    private readonly walletAddresses: Pick<WalletAddressesService, 'get'>,
    private readonly receipts: Pick<WalletAddressReceipts, 'record'>,
    private readonly totals: ConnectionTotals,
    private readonly clock: Clock,
  ) {
    super()
  }

  async find(destination: string): Promise<LocalDestination | undefined> {
    const tagged = this.servers.read(destination)
    return tagged && this.findTagged(tagged)
  }

  async findTagged({ tenantId, tag }: PaymentTag): Promise<LocalDestination | undefined> {
    try {
      return new DirectDestination(await this.walletAddresses.get(tenantId, tag))
    } catch (error) {
      if (error instanceof DomainError && error.kind === 'not-found') return undefined
      throw error
    }
  }

  /** Counted here, and not when it is announced: packets that are under way together have different totals. */
  async receive(prepare: Prepare, destination: LocalDestination): Promise<Reply> {
    const packet = ours(destination)
    const answer = this.servers.of(packet.tenantId).createReply(streamPrepare(prepare))
    if (!isMoney(answer)) return streamReply(answer)
    const added = packet.connectionId === undefined ? prepare.amount : 0n
    packet.connectionId = answer.connectionId
    const total = this.totals.add(answer.connectionId, added)
    answer.setTotalReceived(total.toString())
    return streamReply(answer.accept())
  }

  async announce(destination: LocalDestination, amount: bigint): Promise<Refusal | undefined> {
    const { walletAddress } = ours(destination)
    if (isActive(walletAddress, this.clock.nowMs())) return undefined
    this.released(destination, amount)
    return { code: 'F07', message: `the wallet address ${walletAddress.address} is deactivated` }
  }

  credited(destination: LocalDestination): Promise<void> {
    return this.receipts.record(ours(destination).walletAddress)
  }

  released(destination: LocalDestination, amount: bigint): void {
    const { connectionId } = ours(destination)
    if (connectionId !== undefined) this.totals.add(connectionId, -amount)
  }
}

function ours(destination: LocalDestination): DirectDestination {
  assert(destination instanceof DirectDestination, 'a receiver is handed back the destination it found')
  return destination
}
