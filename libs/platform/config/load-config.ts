import { resolve } from 'node:path'
import type { z } from 'zod'
import { ConfigError } from './config-error.js'
import { type DeepReadonly, deepFreeze } from './freeze.js'
import { refuseNotYet } from './not-yet.js'
import { thumbprint } from './private-key.js'
import { type Env, readSettings } from './read-settings.js'
import { checkRules } from './rules.js'
import { type AllSecrets, checkSecrets, loadSecrets } from './secrets.js'
import { configSchema } from './settings.js'

type Settings = z.output<typeof configSchema>

/** Everything a node is told, typed and frozen; amounts of time carry their unit in the name. */
export type Config = DeepReadonly<
  Omit<Settings, 'openPaymentsUrl' | 'walletAddressUrl' | 'keyId'> & {
    openPaymentsUrl: string
    walletAddressUrl: string
    keyId: string
    operatorTenantId: string
  }
>

export type Secrets = Readonly<Omit<AllSecrets, 'operatorTenantId'>>

/**
 * Reads the environment. Throws one ConfigError that names every wrong variable, what was found there and what is
 * expected. Secrets that are unset are generated and kept in DATA_DIR/secrets.json.
 */
export function loadConfig(env: Env): { config: Config; secrets: Secrets } {
  const refused = refuseNotYet(env)
  const accepted = { ...env, ...Object.fromEntries(refused.map(({ variable }) => [variable, undefined])) }
  const { value: settings, problems: wrong } = readSettings(configSchema, accepted)
  const problems = [...refused, ...wrong, ...checkRules(settings, env, wrong), ...checkSecrets(env)]
  if (problems.length > 0) throw new ConfigError(problems)

  const dataDir = resolve(settings.dataDir)
  const { operatorTenantId, ...secrets } = loadSecrets(env, dataDir)
  const openPaymentsUrl = settings.openPaymentsUrl ?? localUrl(settings.bindHost, settings.openPaymentsPort)
  const walletAddressUrl = settings.walletAddressUrl ?? openPaymentsUrl
  const ilpConnectorUrl = settings.ilpConnectorUrl ?? localConnectorUrl(settings)
  const keyId = settings.keyId ?? thumbprint(secrets.privateKey)
  const config = { ...settings, dataDir, openPaymentsUrl, walletAddressUrl, ilpConnectorUrl, keyId, operatorTenantId }
  return { config: deepFreeze(config), secrets: Object.freeze(secrets) }
}

/** Undefined in production, where no other node would reach it. */
function localConnectorUrl({ nodeEnv, bindHost, connectorPort }: Settings): string | undefined {
  return nodeEnv === 'production' || connectorPort === 0 ? undefined : localUrl(bindHost, connectorPort)
}

/** Where this machine itself reaches a door: a door bound to every address is reached by the loopback one. */
export function localUrl(bindHost: string, port: number): string {
  const host = bindHost === '0.0.0.0' || bindHost === '::' ? '127.0.0.1' : bindHost
  return `http://${host.includes(':') ? `[${host}]` : host}:${port}`
}
