import { randomBytes, randomUUID } from 'node:crypto'
import { z } from 'zod'
import { ConfigError, type Problem } from './config-error.js'
import { generatePrivateKey } from './private-key.js'
import { type Env, readSettings } from './read-settings.js'
import { secretSettings } from './secret-settings.js'
import { SecretsFile } from './secrets-file.js'

const unsetSecrets = z.object(secretSettings)
type GivenSecrets = Omit<z.output<typeof unsetSecrets>, 'privateKeyFile'>
/** Every secret, none of them unset; a key from a file stands for the other. */
export type AllSecrets = { [Key in keyof GivenSecrets]-?: NonNullable<GivenSecrets[Key]> }

const key = () => randomBytes(32).toString('base64')
const generators: Readonly<Record<string, () => string>> = {
  STREAM_SECRET: key,
  ADMIN_API_SECRET: key,
  SIGNATURE_SECRET: key,
  DB_ENCRYPTION_SECRET: key,
  PRIVATE_KEY: generatePrivateKey,
  OPERATOR_TENANT_ID: randomUUID,
}

/** What is wrong with the secrets given by variables. */
export function checkSecrets(env: Env): Problem[] {
  return readSettings(unsetSecrets, env).problems
}

/** Secrets from variables, else from DATA_DIR/secrets.json, else generated and kept there. */
export function loadSecrets(env: Env, dataDir: string): AllSecrets {
  const file = new SecretsFile(dataDir)
  let stored = file.read()
  const missing = Object.keys(generators).filter((name) => !env[name]?.trim() && !stored[name])
  if (missing.length > 0) {
    stored = file.add(stored, Object.fromEntries(missing.map((name) => [name, generators[name]?.()])))
  }
  const { value, problems } = readSettings(unsetSecrets, { ...stored, ...onlySet(env) })
  const { streamSecret, adminApiSecret, signatureSecret, dbEncryptionSecret, operatorTenantId } = value
  const privateKey = value.privateKeyFile ?? value.privateKey
  if (streamSecret && adminApiSecret && signatureSecret && dbEncryptionSecret && privateKey && operatorTenantId) {
    return { streamSecret, adminApiSecret, signatureSecret, dbEncryptionSecret, privateKey, operatorTenantId }
  }
  throw new ConfigError(problems.map((problem) => ({ ...problem, variable: `${problem.variable} (in ${file.path})` })))
}

function onlySet(env: Env): Env {
  return Object.fromEntries(Object.entries(env).filter(([, given]) => given?.trim()))
}
