import { type WebhookEvent, WebhooksService, webhookTypes } from '@kivuko/webhooks'
import { Args, Context, Query, Resolver } from '@nestjs/graphql'
import { type Caller, listedFor } from '../callers/caller.js'
import { connectionOf } from '../pages/connection.js'
import { chosenFrom, emptyPage, type Filtered } from '../pages/filters.js'
import type { ListArguments } from '../pages/list-arguments.js'

@Resolver()
export class WebhookEventsResolver {
  constructor(private readonly webhooks: WebhooksService) {}

  @Query()
  async webhookEvents(
    @Args() { tenantId, filter, ...page }: ListArguments & Filtered<'type'>,
    @Context('caller') caller: Caller,
  ) {
    const tenant = listedFor(caller, tenantId)
    const types = chosenFrom(webhookTypes, filter?.type)
    const found = types.length === 0 ? emptyPage : await this.webhooks.list(tenant, types, page)
    return connectionOf(found, webhookEventView)
  }
}

function webhookEventView({ id, tenantId, type, data, createdAt }: WebhookEvent) {
  return { id, tenantId, type, data, createdAt: createdAt.toISOString() }
}
