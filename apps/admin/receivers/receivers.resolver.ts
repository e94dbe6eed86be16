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
  async receiver(@Args('id') url: string) {
    return receiverView(await this.receivers.get(url))
  }

  @Mutation()
  async createReceiver(@Args('input') unchecked: unknown) {
    return { receiver: receiverView(await this.receivers.create(parseInput(CreateReceiver, unchecked))) }
  }

  @Mutation()
  async completeReceiver(@Args('input') unchecked: unknown, @Context('caller') caller: Caller) {
    const { incomingPaymentUrl } = parseInput(CompleteReceiver, unchecked)
    return { receiver: receiverView(await this.receivers.complete(visibleTo(caller), incomingPaymentUrl)) }
  }
}
