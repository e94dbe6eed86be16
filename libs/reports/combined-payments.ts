import { type DataSource, type Page, type PageRequest, readPage } from '@kivuko/platform'
import { CombinedPayment, type PaymentType } from './combined-payment.entity.js'

/** Which payments to list; what is left out does not narrow. */
export interface PaymentFilter {
  readonly types?: readonly PaymentType[]
  readonly walletAddressIds?: readonly string[]
}

/** Incoming and outgoing payments in one list. */
export class CombinedPayments {
  constructor(private readonly dataSource: DataSource) {}

  list(tenantId: string | undefined, filter: PaymentFilter, page: PageRequest = {}): Promise<Page<CombinedPayment>> {
    const query = this.dataSource.manager.createQueryBuilder(CombinedPayment, 'payment')
    const { types, walletAddressIds } = filter
    if (types) query.andWhere('payment.type = any(:types)', { types })
    if (walletAddressIds) query.andWhere('payment.walletAddressId = any(:walletAddressIds)', { walletAddressIds })
    return readPage(query, page, { tenantId })
  }
}
