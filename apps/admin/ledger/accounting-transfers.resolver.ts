import { idFromUuid, Ledger, type LedgerTransfer } from '@kivuko/accounting'
import { AssetsService } from '@kivuko/assets'
import { Args, Context, Query, Resolver } from '@nestjs/graphql'
import { type Caller, visibleTo } from '../callers/caller.js'
import { uuid } from '../inputs/fields.js'
import { readLimit } from '../inputs/limit.js'
import { parseInput } from '../inputs/parse-input.js'
import { transferView } from './transfer.view.js'

@Resolver()
export class AccountingTransfersResolver {
  constructor(
    private readonly ledger: Ledger,
    private readonly assets: AssetsService,
  ) {}

  @Query()
  async accountingTransfers(
    @Args('id') unchecked: string,
    @Args('limit') limit: number | null,
    @Context('caller') caller: Caller,
  ) {
    const accountId = idFromUuid(parseInput(uuid, unchecked))
    const statement = await this.ledger.statement(accountId, { limit: readLimit(limit) })
    const transfers = statement.filter((transfer) => this.isVisible(transfer, visibleTo(caller)))
    return {
      debits: transfers.filter(({ debitAccountId }) => debitAccountId === accountId).map(transferView),
      credits: transfers.filter(({ creditAccountId }) => creditAccountId === accountId).map(transferView),
    }
  }

  // Ledger accounts are not a tenant's by themselves; their ledger is, through its asset.
  private isVisible({ ledger }: LedgerTransfer, tenantId: string | undefined): boolean {
    return tenantId === undefined || this.assets.findByLedger(ledger)?.tenantId === tenantId
  }
}
