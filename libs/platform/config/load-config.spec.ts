import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { ConfigError } from './config-error.js'
import { loadConfig, localUrl } from './load-config.js'

let folder: string

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'kivuko-config-'))
})
afterEach(() => rmSync(folder, { recursive: true, force: true }))

const load = (env: Record<string, string> = {}) => loadConfig({ DATA_DIR: folder, ...env })

function messageFor(env: Record<string, string>): string {
  try {
    load(env)
  } catch (error) {
    if (error instanceof ConfigError) return error.message
    throw error
  }
  return 'no error'
}

describe('loadConfig', () => {
  it('needs nothing: every setting has a default', () => {
    const { config } = load()
    expect(config).toMatchObject({
      nodeEnv: 'development',
      roles: ['connector', 'open-payments', 'admin', 'worker'],
      bindHost: '127.0.0.1',
      adminPort: 3001,
      connectorPort: 3002,
      openPaymentsPort: 3003,
      openPaymentsUrl: 'http://127.0.0.1:3003',
      walletAddressUrl: 'http://127.0.0.1:3003',
      ilpAddress: 'test.kivuko',
      quoteLifespanMs: 300_000,
      webhookTimeoutMs: 2_000,
      ledger: 'postgres',
      slippage: { numerator: 1n, denominator: 100n },
    })
    expect(config.databaseUrl).toBeUndefined()
  })

  it('takes an empty variable for an unset one', () => {
    expect(load({ CONNECTOR_PORT: '', WEBHOOK_URL: ' ' }).config).toMatchObject({ connectorPort: 3002 })
  })

  it('names the variable, what was found and what is expected', () => {
    expect(messageFor({ CONNECTOR_PORT: '70000' })).toBe(
      'Kivuko cannot start: one setting is wrong.\n' +
        '  CONNECTOR_PORT: found "70000"; expected a port number from 0 to 65535 (0 = any free port)\n' +
        'Every setting is described in .env.example.',
    )
  })

  it('lists all problems of one start: of values, between settings, of secrets, of missing adapters', () => {
    const message = messageFor({
      CONNECTOR_PORT: 'abc',
      ROLES: 'connector,cook',
      USE_TIGERBEETLE: 'true',
      STREAM_SECRET: 'short',
      EXCHANGE_RATES_LIFETIME: '60000',
      EXCHANGE_RATES_MAX_AGE: '1000',
    })
    expect(message).toContain('5 settings are wrong')
    for (const name of ['CONNECTOR_PORT', 'ROLES', 'USE_TIGERBEETLE', 'STREAM_SECRET', 'EXCHANGE_RATES_MAX_AGE']) {
      expect(message).toContain(`  ${name}: found `)
    }
  })

  it.each([
    ['ROLES', 'connector,cook', 'a comma-separated choice of connector, open-payments, admin, worker'],
    ['LOG_LEVEL', 'loud', 'one of trace, debug, info, warn, error, fatal, silent'],
    ['ADMIN_PORT', '-1', 'a port number'],
    ['DATABASE_URL', 'mysql://h/d', 'an address such as postgresql://'],
    ['REDIS_URL', 'http://redis:6379', 'an address such as redis://'],
    ['REDIS_URL', 'redis://', 'an address such as redis://'],
    ['REDIS_TLS_CA_FILE_PATH', '/nowhere/ca.pem', 'the path of a file that can be read'],
    ['OPEN_PAYMENTS_URL', 'ftp://bank.example', 'an http or https address'],
    ['OPEN_PAYMENTS_URL', 'https://bank.example/?a=1', 'without credentials, query or fragment'],
    ['ILP_ADDRESS', 'test', 'an ILP address such as test.bank'],
    ['ILP_ADDRESS', 'test.a b', 'an ILP address'],
    ['SLIPPAGE', '1', 'up to, not including, 1'],
    ['SLIPPAGE', '1e-2', 'a decimal number'],
    ['QUOTE_LIFESPAN', '5m', 'a whole number of milliseconds from 1000 to 86400000'],
    ['EXCHANGE_RATES', '{"USD":{"EUR":0.91}}', 'JSON with the rates as text'],
    ['EXCHANGE_RATES', '{"USD":{"EUR":"0"}}', 'JSON with the rates as text'],
    ['EXCHANGE_RATES', 'USD=1', 'JSON with the rates as text'],
    ['OPERATOR_TENANT_ID', 'operator', 'a UUID of version 4'],
    ['STREAM_SECRET', 'c2hvcnQ=', '32 bytes in base64'],
    ['BIND_HOST', 'not a host', 'an IP address or host name'],
  ])('refuses %s=%s', (name, value, expected) => {
    const message = messageFor({ [name]: value })
    expect(message).toContain(`  ${name}: found `)
    expect(message).toContain(expected)
  })

  it('refuses by name what has no adapter yet', () => {
    expect(messageFor({ USE_TIGERBEETLE: 'true' })).toContain('USE_TIGERBEETLE: found "true"; expected to be unset')
    expect(messageFor({ LEDGER: 'oracle' })).toContain('LEDGER: found "oracle"; expected one of postgres, tigerbeetle')
    expect(load({ USE_TIGERBEETLE: 'false', LEDGER: 'postgres' }).config.ledger).toBe('postgres')
  })

  it('never shows a secret or a password', () => {
    const message = messageFor({ STREAM_SECRET: 'hunter2hunter2', DATABASE_URL: 'mysql://root:hunter2@h/d' })
    expect(message).not.toContain('hunter2')
    expect(message).toContain('STREAM_SECRET: found a secret of 14 characters')
  })

  it('demands a public https address and refuses the development token in production', () => {
    const message = messageFor({ NODE_ENV: 'production', OPEN_PAYMENTS_DEV_TOKEN: 'a-token-of-16-characters' })
    expect(message).toContain('OPEN_PAYMENTS_DEV_TOKEN: found a secret of 24 characters; expected to be unset')
    expect(message).toContain('OPEN_PAYMENTS_URL: found nothing; expected the public https address')
    expect(messageFor({ NODE_ENV: 'production', OPEN_PAYMENTS_URL: 'http://bank.example' })).toContain(
      'OPEN_PAYMENTS_URL',
    )
    const { config } = load({ NODE_ENV: 'production', OPEN_PAYMENTS_URL: 'https://bank.example/' })
    expect(config.openPaymentsUrl).toBe('https://bank.example')
  })

  it('wants both addresses of an authorization server, and no clients of its own network in production', () => {
    expect(messageFor({ AUTH_SERVER_INTROSPECTION_URL: 'http://127.0.0.1:3007' })).toContain(
      'AUTH_SERVER_GRANT_URL: found nothing; expected an address, because AUTH_SERVER_INTROSPECTION_URL is set',
    )
    const production = { NODE_ENV: 'production', OPEN_PAYMENTS_URL: 'https://bank.example' }
    expect(messageFor({ ...production, AUTH_SERVER_GRANT_URL: 'http://auth.example' })).toContain(
      'AUTH_SERVER_GRANT_URL: found "http://auth.example"; expected the public https address',
    )
    expect(messageFor({ ...production, OPEN_PAYMENTS_ALLOW_LOCAL_CLIENTS: 'true' })).toContain(
      'OPEN_PAYMENTS_ALLOW_LOCAL_CLIENTS: found "true"; expected to be false',
    )
    expect(messageFor({ OPEN_PAYMENTS_ALLOW_LOCAL_CLIENTS: 'yes' })).toContain('expected true or false')
    expect(load({ OPEN_PAYMENTS_ALLOW_LOCAL_CLIENTS: 'true' }).config.openPaymentsAllowLocalClients).toBe(true)
  })

  it('wants funds reserved for longer than a packet may be held', () => {
    expect(messageFor({ MAX_HOLD_TIME_MS: '30000', TIGERBEETLE_TWO_PHASE_TIMEOUT_SECONDS: '34' })).toContain(
      'TIGERBEETLE_TWO_PHASE_TIMEOUT_SECONDS: found "34"; expected at least MAX_HOLD_TIME_MS and 5000 milliseconds more',
    )
    expect(load({ MAX_HOLD_TIME_MS: '30000', TIGERBEETLE_TWO_PHASE_TIMEOUT_SECONDS: '35' }).config.maxHoldTimeMs).toBe(
      30_000,
    )
  })

  it('refuses two sources of rates, and an unknown port without an address', () => {
    const rates = { EXCHANGE_RATES: '{"USD":{"EUR":"0.91"}}', EXCHANGE_RATES_URL: 'http://rates.example' }
    expect(messageFor(rates)).toContain('EXCHANGE_RATES: found "{"USD":{"EUR":"0.91"}}"; expected to be unset')
    expect(messageFor({ OPEN_PAYMENTS_PORT: '0' })).toContain('OPEN_PAYMENTS_URL: found nothing; expected an address')
  })

  it('takes files for TLS only with a Redis, and a key only with its certificate', () => {
    const file = join(folder, 'file.pem')
    writeFileSync(file, 'a file')
    expect(messageFor({ REDIS_TLS_CA_FILE_PATH: file })).toContain('REDIS_URL: found nothing; expected an address')
    const withRedis = { REDIS_URL: 'redis://h', REDIS_TLS_CERT_FILE_PATH: file }
    expect(messageFor(withRedis)).toContain('REDIS_TLS_KEY_FILE_PATH: found nothing; expected to be set')
    const { config } = load({ ...withRedis, REDIS_TLS_KEY_FILE_PATH: file, REDIS_TLS_CA_FILE_PATH: file })
    expect(config).toMatchObject({ redisUrl: 'redis://h', redisTlsCaFile: file, redisTlsCertFile: file })
  })

  it('is frozen all the way down', () => {
    const { config, secrets } = load({ EXCHANGE_RATES: '{"USD":{"EUR":"0.91"}}' })
    expect(Object.isFrozen(config)).toBe(true)
    expect(Object.isFrozen(config.roles)).toBe(true)
    expect(Object.isFrozen(config.exchangeRates?.USD)).toBe(true)
    expect(Object.isFrozen(secrets)).toBe(true)
  })
})

describe('the secrets of loadConfig', () => {
  const secretsFile = () => join(folder, 'secrets.json')

  it('are generated once and kept for this user alone', () => {
    const first = load()
    const second = load()
    expect(second.secrets).toEqual(first.secrets)
    expect(second.config.operatorTenantId).toBe(first.config.operatorTenantId)
    expect(first.secrets.streamSecret).toHaveLength(32)
    expect(first.secrets.dbEncryptionSecret).toHaveLength(32)
    expect(statSync(secretsFile()).mode & 0o777).toBe(0o600)
  })

  it('come from variables first, and those are not written to the file', () => {
    const given = 'the-operators-own-secret'
    expect(load({ ADMIN_API_SECRET: given }).secrets.adminApiSecret).toBe(given)
    expect(readFileSync(secretsFile(), 'utf8')).not.toContain(given)
    expect(load().secrets.adminApiSecret).not.toBe(given)
  })

  it('keep what the file has when one is missing there', () => {
    const { secrets } = load()
    const { ADMIN_API_SECRET: _, ...rest } = JSON.parse(readFileSync(secretsFile(), 'utf8'))
    writeFileSync(secretsFile(), JSON.stringify(rest))
    const again = load()
    expect(again.secrets.streamSecret).toEqual(secrets.streamSecret)
    expect(again.secrets.adminApiSecret).not.toBe(secrets.adminApiSecret)
  })

  it('are not written by a start that fails', () => {
    messageFor({ CONNECTOR_PORT: 'x' })
    expect(() => statSync(secretsFile())).toThrow('ENOENT')
  })

  it('stop the start when the file is damaged', () => {
    writeFileSync(secretsFile(), 'not json')
    expect(messageFor({})).toContain('DATA_DIR: found a file that is not JSON')
    writeFileSync(secretsFile(), '{"STREAM_SECRET":"short"}')
    expect(messageFor({})).toContain(`STREAM_SECRET (in ${secretsFile()}): found a secret of 5 characters`)
  })
})

describe('localUrl', () => {
  it('reaches a door bound to every address by the loopback one', () => {
    expect(localUrl('0.0.0.0', 3003)).toBe('http://127.0.0.1:3003')
    expect(localUrl('::', 3003)).toBe('http://127.0.0.1:3003')
    expect(localUrl('::1', 3003)).toBe('http://[::1]:3003')
    expect(localUrl('bank.local', 80)).toBe('http://bank.local:80')
  })
})
