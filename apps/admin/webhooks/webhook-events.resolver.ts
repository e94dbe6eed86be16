import { WebhooksService, webhookStates, webhookTypes } from '@kivuko/webhooks'
import { Args, Context, Mutation, Query, Resolver } from '@nestjs/graphql'
import { actingFor, type Caller, listedFor } from '../callers/caller.js'
import { parseInput } from '../inputs/parse-input.js'
import { connectionOf } from '../pages/connection.js'
import { chosenFrom, emptyPage, type Filtered } from '../pages/filters.js'
import type { ListArguments } from '../pages/list-arguments.js'
import { ReplayWebhookEvents } from './webhook-event.inputs.js'
import { webhookEventView } from './webhook-event.view.js'

@Resolver()
export class WebhookEventsResolver {
  constructor(private readonly webhooks: WebhooksService) {}

  @Query()
  async webhookEvents(
    @Args() { tenantId, filter, ...page }: ListArguments & Filtered<'type' | 'state'>,
    @Context('caller') caller: Caller,
  ) {
    const tenant = listedFor(caller, tenantId)
    const types = chosenFrom(webhookTypes, filter?.type)
    const states = chosenFrom(webhookStates, filter?.state)
    const isEmpty = types.length === 0 || states.length === 0
    const found = isEmpty ? emptyPage : await this.webhooks.list(tenant, { types, states }, page)
    return connectionOf(found, webhookEventView)
  }

  @Mutation()
  async replayWebhookEvents(@Args('input') unchecked: unknown, @Context('caller') caller: Caller) {
    const { tenantId, ...selection } = parseInput(ReplayWebhookEvents, unchecked)
    return { count: await this.webhooks.replay(actingFor(caller, tenantId), selection) }
  }
}
