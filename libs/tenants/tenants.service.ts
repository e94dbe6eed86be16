import { type ChangeFeed, type Config, ConfigError, type DataSource, type Secrets } from '@kivuko/platform'
import { unknownTenant } from './errors.js'
import type { Tenant, TenantSettings } from './tenant.js'
import { TenantReading } from './tenant-reading.js'
import { ilpAddressOf } from './tenant-settings.js'
import { findSettings, findTenant, findTenants, upsertOperator } from './tenants.queries.js'

/** Who writes a tenant's rows publishes its id under this topic. */
export const TENANTS_TOPIC = 'tenants'

/** The tenants of this node, all in memory. */
export class TenantsService {
  readonly operatorTenantId: string
  private readonly reading: TenantReading
  private tenants = new Map<string, Tenant>()
  // One read after the other: an older row never replaces a newer one.
  private lastRead: Promise<void> = Promise.resolve()

  constructor(
    private readonly dataSource: DataSource,
    private readonly feed: ChangeFeed,
    private readonly config: Config,
    secrets: Secrets,
  ) {
    this.operatorTenantId = config.operatorTenantId
    this.reading = new TenantReading(config, secrets)
  }

  /** Sees to the operator's row, then reads every tenant into memory. */
  async start(): Promise<void> {
    const found = await upsertOperator(this.dataSource.manager, this.operatorTenantId)
    if (found !== this.operatorTenantId) throw this.otherOperator(found)
    this.feed.subscribe(TENANTS_TOPIC, (id) => this.refresh(id))
    await this.refresh(undefined)
  }

  async get(id: string): Promise<Tenant | undefined> {
    return this.tenants.get(id)
  }

  async settings(id: string): Promise<TenantSettings> {
    const tenant = this.tenants.get(id)
    if (tenant === undefined) throw unknownTenant(id)
    return tenant.settings
  }

  /** Where the addresses of a tenant lie, also of one that is only being made. */
  ilpAddressOf(id: string): string {
    return ilpAddressOf(id, this.config)
  }

  /** Every tenant there is now: the operator and those it has not deleted. */
  all(): Iterable<Tenant> {
    return this.tenants.values()
  }

  /** Reads one tenant again, or all: who has just written one sees it at once, other processes through the feed. */
  refresh(id: string | undefined): Promise<void> {
    const read = this.lastRead.then(() => (id === undefined ? this.readAll() : this.readOne(id)))
    this.lastRead = read.catch(() => undefined)
    return read
  }

  private async readAll(): Promise<void> {
    const [rows, settings] = await Promise.all([
      findTenants(this.dataSource.manager),
      findSettings(this.dataSource.manager),
    ])
    this.tenants = new Map(rows.map((row) => [row.id, this.reading.tenantOf(row, settings)]))
  }

  private async readOne(id: string): Promise<void> {
    const row = await findTenant(this.dataSource.manager, id)
    if (row === null || row.deletedAt !== null) this.tenants.delete(id)
    else this.tenants.set(id, this.reading.tenantOf(row, await findSettings(this.dataSource.manager, id)))
  }

  private otherOperator(found: string): ConfigError {
    const why =
      'the operator this database was set up with (its former secrets.json holds it, and the secrets that go with it)'
    return new ConfigError([
      { variable: 'OPERATOR_TENANT_ID', found: `"${this.operatorTenantId}"`, expected: `"${found}", ${why}` },
    ])
  }
}
