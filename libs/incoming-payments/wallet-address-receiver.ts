import type { IncomingMoney } from '@interledger/stream-receiver'
import { idFromUuid } from '@kivuko/accounting'
import { type LocalDestination, LocalReceiver, type Refusal } from '@kivuko/connector'
import type { Prepare, Reply } from '@kivuko/ilp'
import { assert, type Clock, DomainError } from '@kivuko/platform'
import { isActive, type WalletAddress, type WalletAddressesService } from '@kivuko/wallet-addresses'
import type { ConnectionTotals } from './connection-totals.js'
import { isMoney, streamPrepare, streamReply } from './stream-reply.js'
import type { PaymentTag, StreamServers } from './stream-servers.js'
import type { WalletAddressReceipts } from './wallet-address-receipts.js'

// RFC 39: a receipt's total is a UInt64.
const MAX_TOTAL = 2n ** 64n - 1n

// Less than the shortest time that a packet keeps for its way back.
const PATIENCE_MS = 300

/** One packet on its way to a wallet address itself. */
class DirectDestination implements LocalDestination {
  readonly kind = 'wallet-address'
  readonly id: string
  readonly tenantId: string
  readonly accountId: LocalDestination['accountId']
  readonly asset: LocalDestination['asset']
  /** As the receiver was shown it. */
  prepare: Prepare | undefined

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
    private readonly servers: Pick<StreamServers, 'of' | 'read' | 'hasReceipts'>,
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

  async receive(prepare: Prepare, destination: LocalDestination): Promise<Reply> {
    const packet = ours(destination)
    packet.prepare = prepare
    const answer = this.servers.of(packet.tenantId).createReply(streamPrepare(prepare))
    return streamReply(isMoney(answer) ? answer.accept() : answer)
  }

  async announce(destination: LocalDestination): Promise<Refusal | undefined> {
    const { walletAddress } = ours(destination)
    if (isActive(walletAddress, this.clock.nowMs())) return undefined
    return { code: 'F07', message: `the wallet address ${walletAddress.address} is deactivated` }
  }

  credited(destination: LocalDestination): Promise<void> {
    return this.receipts.record(ours(destination).walletAddress)
  }

  released(): void {}

  override uncertain(destination: LocalDestination): Promise<void> {
    return this.receipts.record(ours(destination).walletAddress)
  }

  /** With a receipt, where one is wanted: only now has the money been credited that it tells of. */
  override answer(reply: Reply, destination: LocalDestination, amount: bigint, isRepeated: boolean) {
    const packet = ours(destination)
    assert(packet.prepare, 'a packet is shown to its receiver first')
    const { tenantId, asset, prepare } = packet
    const wantsReceipt = this.servers.hasReceipts(prepare.destination, tenantId, asset.code)
    if (!wantsReceipt && prepare.amount === amount) return reply
    const answer = this.servers.of(tenantId).createReply(streamPrepare(prepare, amount))
    if (!isMoney(answer)) return reply
    return wantsReceipt ? this.receipted(answer, isRepeated ? 0n : amount) : streamReply(answer.accept())
  }

  private async receipted(answer: IncomingMoney, added: bigint): Promise<Reply> {
    const total = await soon(this.totals.add(answer.connectionId, added))
    if (total !== undefined && total > 0n && total <= MAX_TOTAL) answer.setTotalReceived(total.toString())
    return streamReply(answer.accept())
  }
}

/** Undefined when it takes too long: the sender waits for its fulfill, and its packet expires. */
async function soon<Value>(value: Promise<Value>): Promise<Value | undefined> {
  let timer: NodeJS.Timeout | undefined
  const tooLate = new Promise<undefined>((resolve) => {
    timer = setTimeout(() => resolve(undefined), PATIENCE_MS)
  })
  return Promise.race([value, tooLate]).finally(() => clearTimeout(timer))
}

function ours(destination: LocalDestination): DirectDestination {
  assert(destination instanceof DirectDestination, 'a receiver is handed back the destination it found')
  return destination
}
