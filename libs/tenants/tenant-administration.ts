import { randomBytes, randomUUID } from 'node:crypto'
import type { ChangeFeed, Clock, DataSource, Db, Page, PageRequest } from '@kivuko/platform'
import { checkOwnAddresses, explainTaken } from './address-owners.js'
import { duplicateTenant, operatorsByConfiguration, unknownTenant } from './errors.js'
import { checkPublic, readSetting, type TenantSetting } from './setting-keys.js'
import type { TenantRow } from './tenant.entity.js'
import type { NewTenant, Tenant, TenantChange } from './tenant.js'
import { checkDescription, checkSecret, checkTenantId } from './tenant-checks.js'
import type { TenantReading } from './tenant-reading.js'
import {
  brokenUnique,
  findSettings,
  findSettingsOf,
  findTenant,
  insertTenant,
  readTenantsPage,
  updateTenant,
  upsertSettings,
} from './tenants.queries.js'
import { TENANTS_TOPIC, type TenantsService } from './tenants.service.js'

/** The operator's acts on its tenants, and a tenant's on itself. Every process knows of them within a second. */
export class TenantAdministration {
  constructor(
    private readonly dataSource: DataSource,
    private readonly feed: ChangeFeed,
    private readonly clock: Clock,
    private readonly tenants: TenantsService,
    private readonly reading: TenantReading,
    private readonly urls: { readonly allowInternal: boolean },
  ) {}

  async create(input: NewTenant): Promise<Tenant> {
    const { id = randomUUID(), apiSecret, settings = [] } = input
    checkTenantId(id)
    checkSecret('apiSecret', apiSecret)
    checkDescription(input)
    const kept = this.readSettings(id, settings)
    const row = {
      ...{ id, operator: false, ...this.describing(id, input) },
      apiSecret: this.reading.seal(id, 'apiSecret', apiSecret),
      webhookSecret: this.reading.seal(id, 'webhookSecret', newSecret()),
    }
    await this.write(id, async (db) => {
      await insertTenant(db, row).catch((error: unknown) => {
        throw brokenUnique(error) === 'tenants_pkey' ? duplicateTenant(id) : error
      })
      await this.writeSettings(db, id, kept)
    })
    return this.get(id)
  }

  async update(id: string, change: TenantChange): Promise<Tenant> {
    const { apiSecret } = change
    checkDescription(change)
    if (apiSecret !== undefined) {
      if (id === this.tenants.operatorTenantId) throw operatorsByConfiguration('apiSecret', 'ADMIN_API_SECRET')
      checkSecret('apiSecret', apiSecret)
    }
    const columns = {
      ...this.describing(id, change),
      ...(apiSecret !== undefined && { apiSecret: this.reading.seal(id, 'apiSecret', apiSecret) }),
    }
    await this.write(id, (db) => this.change(db, id, columns))
    return this.get(id)
  }

  /** It signs nothing any more and its doors are closed; its rows stay, and payments under way come to their end. */
  async delete(id: string): Promise<void> {
    if (id === this.tenants.operatorTenantId) throw operatorsByConfiguration('tenant', 'OPERATOR_TENANT_ID')
    await this.write(id, (db) => this.change(db, id, { deletedAt: this.clock.now() }))
  }

  /** Writes these settings and leaves the others; answers those that were written. */
  async set(id: string, settings: readonly TenantSetting[]): Promise<TenantSetting[]> {
    const kept = this.readSettings(id, settings)
    await this.write(id, async (db) => {
      // Holds the tenant's row, so that a deletion comes before or after.
      await this.change(db, id, {})
      await this.writeSettings(db, id, kept)
    })
    return kept
  }

  /** A new secret for the tenant's webhooks; the one until now signs along for a while. */
  async rotateWebhookSecret(id: string, keepFormerMs: number): Promise<Tenant> {
    if (id === this.tenants.operatorTenantId) throw operatorsByConfiguration('webhook secret', 'SIGNATURE_SECRET')
    const webhookSecret = this.reading.seal(id, 'webhookSecret', newSecret())
    await this.write(id, async (db) => {
      const row = await findTenant(db, id)
      if (row === null || row.deletedAt !== null) throw unknownTenant(id)
      const { webhookSecrets } = this.reading.tenantOf(row, [])
      const formerWebhookSecret = this.reading.seal(id, 'formerWebhookSecret', webhookSecrets.current)
      const formerWebhookSecretUntil = new Date(this.clock.nowMs() + keepFormerMs)
      await this.change(db, id, { webhookSecret, formerWebhookSecret, formerWebhookSecretUntil })
    })
    return this.get(id)
  }

  /** Deleted ones too. */
  async get(id: string): Promise<Tenant> {
    const db = this.dataSource.manager
    const row = await findTenant(db, id)
    if (row === null) throw unknownTenant(id)
    return this.reading.tenantOf(row, await findSettings(db, id))
  }

  /** Deleted ones too. */
  async list(page: PageRequest = {}): Promise<Page<Tenant>> {
    const db = this.dataSource.manager
    const found = await readTenantsPage(db, page)
    const ids = found.rows.map(({ id }) => id)
    const settings = await findSettingsOf(db, ids)
    return { ...found, rows: found.rows.map((row) => this.reading.tenantOf(row, settings)) }
  }

  private readSettings(id: string, settings: readonly TenantSetting[]): TenantSetting[] {
    const kept = new Map(settings.map(readSetting).map((setting) => [setting.key, setting]))
    if (id !== this.tenants.operatorTenantId && !this.urls.allowInternal) checkPublic([...kept.values()])
    checkOwnAddresses(id, [...kept.values()], this.tenants)
    return [...kept.values()]
  }

  private describing(id: string, { email, publicName, idpConsentUrl, idpSecret }: TenantChange): Partial<TenantRow> {
    return {
      ...(email !== undefined && { email }),
      ...(publicName !== undefined && { publicName }),
      ...(idpConsentUrl !== undefined && { idpConsentUrl }),
      ...(idpSecret !== undefined && { idpSecret: idpSecret && this.reading.seal(id, 'idpSecret', idpSecret) }),
    }
  }

  private async change(db: Db, id: string, columns: Partial<TenantRow>): Promise<void> {
    if (!(await updateTenant(db, id, columns))) throw unknownTenant(id)
  }

  private async writeSettings(db: Db, id: string, settings: readonly TenantSetting[]): Promise<void> {
    if (settings.length === 0) return
    await upsertSettings(db, id, settings).catch((error: unknown) => {
      throw explainTaken(error, settings)
    })
  }

  private async write(id: string, act: (db: Db) => Promise<void>): Promise<void> {
    await this.dataSource.transaction(async (db) => {
      await act(db)
      await this.feed.publish(db, TENANTS_TOPIC, id)
    })
    await this.tenants.refresh(id)
  }
}

function newSecret(): string {
  return randomBytes(32).toString('base64')
}
