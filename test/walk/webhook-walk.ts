import { createHmac } from 'node:crypto'
import { webhookTypes } from '@kivuko/webhooks'
import { canonicalize } from 'json-canonicalize'
import { WEBHOOK_SECRET } from '../harness/node-settings.js'
import type { ReceivedWebhook } from '../harness/webhook-listener.js'
import type { DatabaseWatch } from './database-watch.js'
import type { Tally } from './tally.js'
import type { TenantWorld } from './tenant-world.js'
import { textAt } from './texts.js'

export interface WebhookWalkParts {
  readonly worlds: readonly [TenantWorld, TenantWorld]
  readonly watch: DatabaseWatch
  readonly tally: Tally
}

/**
 * Every type of webhook, of two tenants to which the same has happened: each goes to its own tenant's receiver, is signed
 * with that one's secret alone, and tells nothing of the other. A type that was never seen is a hole in the walk.
 */
export async function walkWebhooks({ worlds, watch, tally }: WebhookWalkParts): Promise<void> {
  const [one, other] = worlds
  const secrets = {
    operator: WEBHOOK_SECRET,
    [one.name]: await webhookSecretOf(one),
    [other.name]: await webhookSecretOf(other),
  }
  for (const [world, stranger] of [
    [one, other],
    [other, one],
  ] as const) {
    const foreign = await marksOf(stranger, world, watch)
    for (const type of webhookTypes) {
      const events = world.webhooks.received.filter((event) => event.type === type)
      if (events.length === 0) tally.hole('webhooks', type, `${world.name} was never told of it: let it happen`)
      for (const event of events) {
        const wrong = wrongIn(event, world.name, secrets, foreign)
        if (wrong.length === 0) tally.refused('webhooks', type)
        else tally.hole('webhooks', type, `to ${world.name}: ${wrong.join(', ')}`)
      }
    }
  }
}

function wrongIn(
  { id, type, data, signature }: ReceivedWebhook,
  owner: string,
  secrets: Readonly<Record<string, string>>,
  foreign: readonly string[],
): string[] {
  const [time = '', ...signatures] = signature.split(', ')
  const signed = `${time.slice('t='.length)}.${canonicalize({ id, type, data })}`
  const signers = Object.entries(secrets).flatMap(([name, secret]) => {
    const expected = `v1=${createHmac('sha256', secret).update(signed).digest('hex')}`
    return signatures.includes(expected) ? [name] : []
  })
  const text = JSON.stringify({ id, data })
  const shown = foreign.filter((mark) => text.includes(mark)).map((mark) => `shows ${mark}`)
  const isSigned = signers.length === 1 && signers[0] === owner && signatures.length === 1
  return isSigned ? shown : [`signed by ${signers} in ${signature}`, ...shown]
}

/** What is the stranger's and not the owner's; its events too, so that none went astray. */
async function marksOf(stranger: TenantWorld, owner: TenantWorld, watch: DatabaseWatch): Promise<string[]> {
  const own = await watch.idsOf(owner.tenant.id)
  return [stranger.name, ...(await watch.idsOf(stranger.tenant.id))].filter((mark) => !own.has(mark))
}

async function webhookSecretOf(world: TenantWorld): Promise<string> {
  return textAt(await world.act('tenant', { id: world.tenant.id }), 'webhookSecret')
}
