import { webhookStates, webhookTypes } from '@kivuko/webhooks'
import { z } from 'zod'
import { optional, time, uuid } from '../inputs/fields.js'

const MAX_IDS = 1_000

/** Something must be chosen: everything there ever was is never what is meant. */
export const ReplayWebhookEvents = z
  .object({
    tenantId: optional(uuid),
    ids: optional(
      z.array(uuid).max(MAX_IDS, { error: `takes at most ${MAX_IDS} ids; choose by type and time instead` }),
    ),
    types: optional(z.array(z.enum(webhookTypes))),
    states: optional(z.array(z.enum(webhookStates))),
    from: optional(time),
    to: optional(time),
  })
  .refine(({ tenantId: _, ...selection }) => Object.values(selection).some((value) => value !== undefined), {
    error: 'must choose events: by ids, types, states, from or to',
  })
