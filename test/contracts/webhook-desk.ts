import { createDataSource, createLogger, type DataSource, JobQueue, loadConfig, ManualClock } from '@kivuko/platform'
import { deliver, WebhookDelivery, type WebhookReceiver, WebhooksService, webhooksEntities } from '@kivuko/webhooks'
import { type FreshDatabase, freshDatabase } from '../harness/postgres.js'
import { insertTenant } from '../harness/tenants.js'
import { WebhookListener } from '../harness/webhook-listener.js'

export const START_MS = 1_700_000_000_000
export const LEASE_MS = 30_000
export const TENANT = '00000000-0000-4000-8000-000000000001'
export const OTHER_TENANT = '00000000-0000-4000-8000-000000000002'
const { config } = loadConfig({ LOG_LEVEL: 'silent' })

export class CountingBell extends JobQueue {
  rings = 0

  async ring(): Promise<void> {
    this.rings += 1
    await new Promise((resume) => setImmediate(resume))
  }
}

export function receiver(url: string | undefined): WebhookReceiver {
  const backoff = { firstWaitMs: 1_000, longestWaitMs: 4_000, maxRetry: 3 }
  return { url, timeoutMs: 10_000, backoff, key: { secret: 'secret', version: 1 } }
}

interface WorkerOptions {
  readonly gatherMs?: number
  readonly send?: typeof deliver
}

/** Two tenants with a listener each, and workers on one database. */
export class WebhookDesk {
  readonly clock = new ManualClock(START_MS)
  readonly bell = new CountingBell()
  readonly receivers: Map<string, WebhookReceiver>

  private constructor(
    readonly dataSource: DataSource,
    readonly bank: WebhookListener,
    readonly otherBank: WebhookListener,
    readonly database: FreshDatabase,
  ) {
    this.receivers = new Map([
      [TENANT, receiver(bank.url)],
      [OTHER_TENANT, receiver(otherBank.url)],
    ])
  }

  static async open(): Promise<WebhookDesk> {
    const database = await freshDatabase('webhooks')
    for (const id of [TENANT, OTHER_TENANT]) await insertTenant(database, id)
    const dataSource = createDataSource({
      url: database.url,
      poolSize: 5,
      applicationName: 'webhooks-test',
      entities: [...webhooksEntities],
      onPoolError: () => undefined,
    })
    await dataSource.initialize()
    const [bank, otherBank] = [await WebhookListener.start(), await WebhookListener.start()]
    return new WebhookDesk(dataSource, bank, otherBank, database)
  }

  async close(): Promise<void> {
    await this.dataSource.destroy()
    await Promise.all([this.bank.close(), this.otherBank.close(), this.database.drop()])
  }

  worker({ gatherMs, send = deliver }: WorkerOptions = {}): { delivery: WebhookDelivery; webhooks: WebhooksService } {
    const { dataSource, clock, receivers, bell } = this
    const delivery = new WebhookDelivery({
      db: dataSource.manager,
      clock,
      logger: createLogger(config),
      random: () => 0,
      deliveries: { inc: () => undefined },
      leaseMs: LEASE_MS,
      perTenant: 32,
      gatherMs,
      send,
      receiverOf: async (tenantId) => receivers.get(tenantId) ?? receiver(undefined),
    })
    return { delivery, webhooks: new WebhooksService(dataSource, clock, delivery, bell) }
  }
}

export async function deliverAll(delivery: WebhookDelivery): Promise<void> {
  await delivery.deliverDue()
  await delivery.settled()
}
