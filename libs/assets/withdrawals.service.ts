import { type Ledger, type LedgerTransfer, TransferCode } from '@kivuko/accounting'
import { DomainError } from '@kivuko/platform'
import type { TenantScope } from './asset.js'
import type { AssetsService } from './assets.service.js'
import { checkUuid } from './checks.js'
import { findEventTransfers } from './event-transfer-ids.js'
import { throwUnlessAccepted } from './liquidity.js'
import { refusedTransfer } from './liquidity-errors.js'

/**
 * The second phase of every withdrawal, whichever account it leaves. `withdrawalId` is the withdrawal's own id or, for one
 * that belongs to a webhook event, the event's: it stands for the open withdrawal of the event.
 */
export class WithdrawalsService {
  constructor(
    private readonly ledger: Ledger,
    private readonly assets: AssetsService,
  ) {}

  async post(tenantId: TenantScope, withdrawalId: string): Promise<void> {
    const { id } = await this.find(tenantId, withdrawalId)
    throwUnlessAccepted(await this.ledger.post([id]), withdrawalId)
  }

  async void(tenantId: TenantScope, withdrawalId: string): Promise<void> {
    const { id } = await this.find(tenantId, withdrawalId)
    throwUnlessAccepted(await this.ledger.void([id]), withdrawalId)
  }

  /** The open withdrawal; where none is, the last one, whose refusal says how it ended. */
  private async find(tenantId: TenantScope, withdrawalId: string): Promise<LedgerTransfer> {
    checkUuid('The withdrawal id', withdrawalId)
    const transfers = (await findEventTransfers(this.ledger, withdrawalId)).map(({ transfer }) => transfer)
    const visible = transfers.filter((transfer) => this.isVisible(tenantId, transfer))
    const made = visible.filter(({ debitAccountId }) => debitAccountId === visible[0]?.debitAccountId)
    const found = made.find(({ state }) => state === 'pending') ?? made.at(-1)
    if (found === undefined) {
      throw new DomainError('not-found', 'UnknownTransfer', `No withdrawal has the id "${withdrawalId}"`)
    }
    if (found.timeoutSeconds === undefined) throw refusedTransfer('already-posted', withdrawalId)
    return found
  }

  // Ledger ids are not a tenant's; the ledger's number is, through its asset. Reservations of packets are nobody's to end.
  private isVisible(tenantId: TenantScope, { ledger, code }: LedgerTransfer): boolean {
    const owner = this.assets.findByLedger(ledger)
    const isOwn = owner !== undefined && (tenantId === undefined || owner.tenantId === tenantId)
    return isOwn && code === TransferCode.withdrawal
  }
}
