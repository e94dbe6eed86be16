import { ed25519Key, ed25519KeyFile } from './private-key.js'
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
  privateKey: optional(
    'PRIVATE_KEY',
    ed25519Key(),
    "signs this node's requests to other nodes: an Ed25519 key, PKCS #8 in base64",
    { secret: true },
  ),
  privateKeyFile: optional('PRIVATE_KEY_FILE', ed25519KeyFile(), 'a PEM file with that key, instead of PRIVATE_KEY'),
  operatorTenantId: optional('OPERATOR_TENANT_ID', values.uuid4(), 'tenant of the operator: a UUID of version 4'),
} as const
