import { OutgoingPaymentsService } from '@kivuko/outgoing-payments'
import { DomainError } from '@kivuko/platform'
import { Controller, Get } from '@nestjs/common'
import { CurrentGrantee, type Grantee } from '../access/grantee.js'
import { Requires } from '../access/requirement.js'
import { outgoingPaymentGrantView } from './grant-spent.view.js'

@Controller(':tenantId/outgoing-payment-grant')
export class OutgoingPaymentGrantController {
  constructor(private readonly payments: OutgoingPaymentsService) {}

  /** What is spent of the grant that the token was given under. */
  @Get()
  @Requires({ type: 'outgoing-payment', action: 'create' })
  async read(@CurrentGrantee() { grant }: Grantee) {
    if (grant === undefined) {
      throw new DomainError('not-found', 'UnknownGrant', 'The development token was given under no grant')
    }
    return outgoingPaymentGrantView(await this.payments.spentAmounts(grant))
  }
}
