import { AccountCode, available, type Balance, idFromUuid, type Ledger, type LedgerId } from '@kivuko/accounting'
import { type Asset, type AssetsService, type LiquidityAccount, openAccounts } from '@kivuko/assets'
import { assert, BatchedReads } from '@kivuko/platform'
import type { OutgoingPayment } from './outgoing-payment.entity.js'

/** What a payment's ledger account shows. */
export interface AccountState {
  readonly isOpen: boolean
  readonly fundedAmount: bigint
  readonly sentAmount: bigint
  readonly pendingAmount: bigint
  /** What could be taken out now. */
  readonly availableAmount: bigint
}

/** What the end of a payment writes down. */
export type EndedAccount = Pick<AccountState, 'sentAmount' | 'availableAmount'>

const NOT_OPEN: AccountState = {
  isOpen: false,
  fundedAmount: 0n,
  sentAmount: 0n,
  pendingAmount: 0n,
  availableAmount: 0n,
}

/** The ledger accounts of outgoing payments: each has its payment's id. */
export class PaymentAccounts {
  private readonly balances: BatchedReads<LedgerId, Balance>

  constructor(
    private readonly ledger: Ledger,
    private readonly assets: Pick<AssetsService, 'find'>,
  ) {
    this.balances = new BatchedReads((ids) => ledger.balances(ids))
  }

  idOf({ id }: Pick<OutgoingPayment, 'id'>): LedgerId {
    return idFromUuid(id)
  }

  assetOf({ quote }: Pick<OutgoingPayment, 'quote'>): Asset {
    const asset = this.assets.find(quote.assetId)
    assert(asset !== undefined, `an outgoing payment's asset is known (${quote.assetId})`)
    return asset
  }

  /** Opening twice is harmless: the id is the payment's. */
  async open(payment: Pick<OutgoingPayment, 'id' | 'quote'>): Promise<void> {
    const { ledger } = this.assetOf(payment)
    const code = AccountCode.outgoingPayment
    const account = { id: this.idOf(payment), ledger, code, limit: 'debits' } as const
    await openAccounts(this.ledger, { id: payment.id, accounts: [account] })
  }

  async read(payment: Pick<OutgoingPayment, 'id'>): Promise<AccountState> {
    const balance = await this.balances.find(this.idOf(payment))
    if (balance === undefined) return NOT_OPEN
    return {
      isOpen: true,
      fundedAmount: balance.creditsPosted,
      sentAmount: balance.debitsPosted,
      pendingAmount: balance.debitsPending,
      availableAmount: available(balance),
    }
  }

  asLiquidity(payment: Pick<OutgoingPayment, 'id' | 'quote'>): LiquidityAccount {
    return { id: payment.id, asset: this.assetOf(payment), reopen: () => this.open(payment) }
  }
}
