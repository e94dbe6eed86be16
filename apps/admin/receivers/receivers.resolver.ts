import { DomainError } from '@kivuko/platform'
import { ReceiversService } from '@kivuko/quotes'
import { Args, Context, Mutation, Query, Resolver } from '@nestjs/graphql'
import { type Caller, visibleTo } from '../callers/caller.js'
import { parseInput } from '../inputs/parse-input.js'
import { CompleteReceiver, CreateReceiver } from './receiver.inputs.js'
import { receiverView } from './receiver.view.js'

/** Receivers may be anywhere: whoever knows the URL may look, as at any Open Payments server. */
@Resolver()
export class ReceiversResolver {
  constructor(private readonly receivers: ReceiversService) {}

  @Query()
  async receiver(@Args('id') url: string, @Context('caller') { tenantId }: Caller) {
    return receiverView(await this.receivers.getFor(tenantId, url).catch(asNotFound))
  }

  @Mutation()
  async createReceiver(@Args('input') unchecked: unknown, @Context('caller') caller: Caller) {
    const wanted = parseInput(CreateReceiver, unchecked)
    return { receiver: receiverView(await this.receivers.create(visibleTo(caller), wanted)) }
  }

  @Mutation()
  async completeReceiver(@Args('input') unchecked: unknown, @Context('caller') caller: Caller) {
    const { incomingPaymentUrl } = parseInput(CompleteReceiver, unchecked)
    return { receiver: receiverView(await this.receivers.complete(visibleTo(caller), incomingPaymentUrl)) }
  }
}

/** What cannot be paid is an error in a quote; to somebody who looks for it, it is not there. */
function asNotFound(error: unknown): never {
  if (!(error instanceof DomainError) || error.reason !== 'InvalidReceiver') throw error
  throw new DomainError('not-found', 'UnknownReceiver', error.message, {}, { cause: error })
}
