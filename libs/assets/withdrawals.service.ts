import { idFromUuid, type Ledger, TransferCode } from '@kivuko/accounting'
import { DomainError } from '@kivuko/platform'
import type { TenantScope } from './asset.js'
import type { AssetsService } from './assets.service.js'
import { checkUuid } from './checks.js'
import { throwUnlessAccepted } from './liquidity.js'

/** The second phase of every withdrawal, whichever account it leaves. */
export class WithdrawalsService {
  constructor(
    private readonly ledger: Ledger,
    private readonly assets: AssetsService,
  ) {}

  async post(tenantId: TenantScope, withdrawalId: string): Promise<void> {
    await this.checkOwned(tenantId, withdrawalId)
    throwUnlessAccepted(await this.ledger.post([idFromUuid(withdrawalId)]), withdrawalId)
  }

  async void(tenantId: TenantScope, withdrawalId: string): Promise<void> {
    await this.checkOwned(tenantId, withdrawalId)
    throwUnlessAccepted(await this.ledger.void([idFromUuid(withdrawalId)]), withdrawalId)
  }

  // Ledger ids are not a tenant's; the ledger's number is, through its asset. Reservations of packets are nobody's to end.
  private async checkOwned(tenantId: TenantScope, withdrawalId: string): Promise<void> {
    checkUuid('The withdrawal id', withdrawalId)
    const id = idFromUuid(withdrawalId)
    const transfer = (await this.ledger.lookup([id])).get(id)
    const owner = transfer && this.assets.findByLedger(transfer.ledger)
    const visible = owner !== undefined && (tenantId === undefined || owner.tenantId === tenantId)
    if (!visible || transfer?.code !== TransferCode.withdrawal) {
      throw new DomainError('not-found', 'UnknownTransfer', `No withdrawal has the id "${withdrawalId}"`)
    }
  }
}
