import { optional } from './setting.js'
import * as values from './values.js'

/** Secrets: generated and kept in DATA_DIR/secrets.json when unset. */
export const secretSettings = {
  streamSecret: optional(
    'STREAM_SECRET',
    values.key32(),
    'derives the secrets of incoming STREAM connections; 32 bytes in base64',
    { secret: true },
  ),
  adminApiSecret: optional('ADMIN_API_SECRET', values.secretText(), 'signs requests to the admin API', {
    secret: true,
  }),
  signatureSecret: optional('SIGNATURE_SECRET', values.secretText(), 'signs webhooks', { secret: true }),
  dbEncryptionSecret: optional(
    'DB_ENCRYPTION_SECRET',
    values.key32(),
    "encrypts peers' tokens in the database; 32 bytes in base64",
    { secret: true },
  ),
  operatorTenantId: optional('OPERATOR_TENANT_ID', values.uuid4(), 'tenant of the operator: a UUID of version 4'),
} as const
