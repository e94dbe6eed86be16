import type { IncomingPayment, IncomingPaymentsService, Initiator } from '@kivuko/incoming-payments'
import type { Page, PageRequest } from '@kivuko/platform'
import { chosenFrom, emptyPage, type Filtered } from '../pages/filters.js'

const initiators = ['ADMIN', 'OPEN_PAYMENTS'] as const satisfies readonly Initiator[]

interface Scope {
  readonly tenantId: string | undefined
  readonly walletAddressId?: string
}

/** A page of incoming payments, narrowed by who initiated them: of the two there are, none, one or both can be wanted. */
export async function listIncomingPayments(
  payments: IncomingPaymentsService,
  scope: Scope,
  filter: Filtered<'initiatedBy'>['filter'],
  page: PageRequest,
): Promise<Page<IncomingPayment>> {
  const chosen = chosenFrom(initiators, filter?.initiatedBy)
  if (chosen.length === 0) return emptyPage
  return payments.list({ ...scope, initiatedBy: chosen.length === 1 ? chosen[0] : undefined }, page)
}
