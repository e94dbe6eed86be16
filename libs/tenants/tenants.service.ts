import { type ChangeFeed, type Config, ConfigError, type DataSource, type Secrets } from '@kivuko/platform'
import { unknownTenant } from './errors.js'
import type { TenantRow, TenantSettingRow } from './tenant.entity.js'
import type { Tenant, TenantSettings } from './tenant.js'
import { settle } from './tenant-settings.js'
import { findSettings, findTenant, findTenants, upsertOperator } from './tenants.queries.js'

const TOPIC = 'tenants'

/** The tenants of this node, all in memory; who writes a tenant's rows publishes its id under the topic 'tenants'. */
export class TenantsService {
  readonly operatorTenantId: string
  private tenants = new Map<string, Tenant>()

  constructor(
    private readonly dataSource: DataSource,
    private readonly feed: ChangeFeed,
    private readonly config: Config,
    private readonly secrets: Secrets,
  ) {
    this.operatorTenantId = config.operatorTenantId
  }

  /** Sees to the operator's row, then reads every tenant into memory. */
  async start(): Promise<void> {
    const found = await upsertOperator(this.dataSource.manager, this.operatorTenantId)
    if (found !== this.operatorTenantId) throw this.otherOperator(found)
    this.feed.subscribe(TOPIC, (id) => (id === undefined ? this.readAll() : this.readOne(id)))
    await this.readAll()
  }

  async get(id: string): Promise<Tenant | undefined> {
    return this.tenants.get(id)
  }

  async settings(id: string): Promise<TenantSettings> {
    const tenant = this.tenants.get(id)
    if (tenant === undefined) throw unknownTenant(id)
    return tenant.settings
  }

  private async readAll(): Promise<void> {
    const [rows, settings] = await Promise.all([
      findTenants(this.dataSource.manager),
      findSettings(this.dataSource.manager),
    ])
    this.tenants = new Map(rows.map((row) => [row.id, this.read(row, settings)]))
  }

  private async readOne(id: string): Promise<void> {
    const row = await findTenant(this.dataSource.manager, id)
    if (row === null) this.tenants.delete(id)
    else this.tenants.set(id, this.read(row, await findSettings(this.dataSource.manager, id)))
  }

  private read({ id, email, publicName, apiSecret, createdAt }: TenantRow, rows: readonly TenantSettingRow[]): Tenant {
    const own = new Map(rows.filter(({ tenantId }) => tenantId === id).map(({ key, value }) => [key, value]))
    const settings = settle(id, own, this.config)
    return { id, email, publicName, apiSecret: apiSecret ?? this.secrets.adminApiSecret, settings, createdAt }
  }

  private otherOperator(found: string): ConfigError {
    const why =
      'the operator this database was set up with (its former secrets.json holds it, and the secrets that go with it)'
    return new ConfigError([
      { variable: 'OPERATOR_TENANT_ID', found: `"${this.operatorTenantId}"`, expected: `"${found}", ${why}` },
    ])
  }
}
