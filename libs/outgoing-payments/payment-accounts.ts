import { AccountCode, available, type Balance, idFromUuid, type Ledger, type LedgerId } from '@kivuko/accounting'
import {
  AccountOpening,
  type AccountOwner,
  type Asset,
  type AssetsService,
  type LiquidityAccount,
} from '@kivuko/assets'
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

type Accounted = Pick<OutgoingPayment, 'id' | 'quote'>

// A payment is mostly funded within seconds of its making.
const MAX_KNOWN = 10_000

/** The ledger accounts of outgoing payments: each has its payment's id. */
export class PaymentAccounts {
  private readonly balances: BatchedReads<LedgerId, Balance>
  private readonly accounts: AccountOpening

  constructor(
    ledger: Ledger,
    private readonly assets: Pick<AssetsService, 'find'>,
  ) {
    this.accounts = new AccountOpening(ledger, MAX_KNOWN)
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
  open(payment: Accounted): Promise<void> {
    return this.accounts.open(this.owner(payment))
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

  asLiquidity(payment: Accounted): LiquidityAccount {
    return this.accounts.asLiquidity(this.owner(payment))
  }

  private owner(payment: Accounted): AccountOwner {
    const asset = this.assetOf(payment)
    const code = AccountCode.outgoingPayment
    return { id: payment.id, asset, account: { id: this.idOf(payment), ledger: asset.ledger, code, limit: 'debits' } }
  }
}
