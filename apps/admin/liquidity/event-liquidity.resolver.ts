import { IncomingPaymentsService } from '@kivuko/incoming-payments'
import { OutgoingPaymentsService } from '@kivuko/outgoing-payments'
import { DomainError } from '@kivuko/platform'
import { WalletAddressesService } from '@kivuko/wallet-addresses'
import { type WebhookEvent, WebhooksService } from '@kivuko/webhooks'
import { Args, Context, Mutation, Resolver } from '@nestjs/graphql'
import { z } from 'zod'
import { type Caller, visibleTo } from '../callers/caller.js'
import type { Context as AdminContext } from '../context.js'
import { parseInput } from '../inputs/parse-input.js'
import { asInvalidId } from './as-invalid-id.js'
import { OfEvent } from './liquidity.inputs.js'
import { success } from './success.js'

/** Liquidity by the webhook event that asks for it, as older systems of operators do. */
@Resolver()
export class EventLiquidityResolver {
  constructor(
    private readonly webhooks: WebhooksService,
    private readonly incoming: IncomingPaymentsService,
    private readonly outgoing: OutgoingPaymentsService,
    private readonly walletAddresses: WalletAddressesService,
  ) {}

  @Mutation()
  async depositEventLiquidity(@Args('input') unchecked: unknown, @Context() { caller, call }: AdminContext) {
    const event = await this.eventOf(unchecked, caller)
    if (event.type !== 'outgoing_payment.created') throw unfitting(event, 'asks for no deposit')
    await this.outgoing.fund({ tenantId: visibleTo(caller), id: event.resourceKey, call })
    return success
  }

  @Mutation()
  async withdrawEventLiquidity(@Args('input') unchecked: unknown, @Context() { caller, call }: AdminContext) {
    const event = await this.eventOf(unchecked, caller)
    const withdrawal = { tenantId: visibleTo(caller), id: event.resourceKey, timeoutSeconds: 0n, call }
    switch (event.type) {
      case 'incoming_payment.completed':
      case 'incoming_payment.expired':
        await this.incoming.withdraw(withdrawal)
        return success
      case 'outgoing_payment.completed':
      case 'outgoing_payment.failed':
      case 'outgoing_payment.cancelled':
        await this.outgoing.withdraw(withdrawal)
        return success
      case 'wallet_address.web_monetization':
        await this.walletAddresses.withdrawReported({ ...withdrawal, eventId: event.id, amount: reportedAmount(event) })
        return success
      default:
        throw unfitting(event, 'has nothing to withdraw')
    }
  }

  private eventOf(unchecked: unknown, caller: Caller): Promise<WebhookEvent> {
    return this.webhooks.get(caller.tenantId, parseInput(OfEvent, unchecked).eventId).catch(asInvalidId)
  }
}

const webMonetization = z.object({ walletAddress: z.object({ receivedAmount: z.object({ value: z.string() }) }) })

function reportedAmount({ data }: WebhookEvent): bigint {
  return BigInt(webMonetization.parse(data).walletAddress.receivedAmount.value)
}

function unfitting({ id, type }: WebhookEvent, why: string): DomainError {
  return new DomainError('invalid', 'InvalidId', `The event "${id}" (${type}) ${why}`)
}
