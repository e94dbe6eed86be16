import type { Config, Secrets } from '@kivuko/platform'
import { openSealedText, sealText } from './sealed-text.js'
import { isTenantSettingKey, type TenantSettingKey } from './setting-keys.js'
import type { TenantRow, TenantSettingRow } from './tenant.entity.js'
import type { Tenant, WebhookSecrets } from './tenant.js'
import { settle } from './tenant-settings.js'

type SecretColumn = 'apiSecret' | 'idpSecret' | 'webhookSecret' | 'formerWebhookSecret'

/** Between rows, whose secrets are sealed, and tenants. */
export class TenantReading {
  constructor(
    private readonly config: Config,
    private readonly secrets: Secrets,
  ) {}

  /** `rows`: settings, of this tenant or of all. */
  tenantOf(row: TenantRow, rows: readonly TenantSettingRow[]): Tenant {
    const { id, email, publicName, idpConsentUrl, createdAt, deletedAt } = row
    const ownSettings = new Map<TenantSettingKey, string>()
    for (const { tenantId, key, value } of rows) {
      if (tenantId === id && isTenantSettingKey(key)) ownSettings.set(key, value)
    }
    return {
      ...{ id, email, publicName, idpConsentUrl, createdAt, deletedAt, ownSettings },
      apiSecret: this.open(row, 'apiSecret') ?? this.secrets.adminApiSecret,
      idpSecret: this.open(row, 'idpSecret') ?? null,
      webhookSecrets: this.webhookSecretsOf(row),
      settings: settle(id, ownSettings, this.config),
    }
  }

  seal(tenantId: string, column: SecretColumn, secret: string): string {
    return sealText(secret, this.secrets.dbEncryptionSecret, placeOf(tenantId, column))
  }

  private webhookSecretsOf(row: TenantRow): WebhookSecrets {
    const current = this.open(row, 'webhookSecret') ?? this.secrets.signatureSecret
    const former = this.open(row, 'formerWebhookSecret')
    const until = row.formerWebhookSecretUntil
    return former === undefined || until === null ? { current } : { current, former: { secret: former, until } }
  }

  private open(row: TenantRow, column: SecretColumn): string | undefined {
    const sealed = row[column]
    if (sealed === null) return undefined
    try {
      return openSealedText(sealed, this.secrets.dbEncryptionSecret, placeOf(row.id, column))
    } catch (cause) {
      const message = `The ${column} of tenant ${row.id} cannot be decrypted; set DB_ENCRYPTION_SECRET to what it was written with`
      throw new Error(message, { cause })
    }
  }
}

function placeOf(tenantId: string, column: SecretColumn): string {
  return `tenants/${tenantId}/${column}`
}
