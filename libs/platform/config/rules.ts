import type { z } from 'zod'
import { type Problem, showFound } from './config-error.js'
import type { Env } from './read-settings.js'
import type { configSchema } from './settings.js'

type Settings = z.output<typeof configSchema>

/** What must hold between settings. The first variable is the one to mend. */
interface Rule {
  readonly variables: readonly [string, ...string[]]
  readonly expected: string
  holds(settings: Settings): boolean
}

// Reserved funds must outlive the longest hold, or a fulfilled packet could find its reservation gone.
const RESERVATION_MARGIN_MS = 5_000

const rules: readonly Rule[] = [
  {
    variables: ['OPEN_PAYMENTS_DEV_TOKEN', 'NODE_ENV'],
    expected: 'to be unset, because NODE_ENV is production and this token opens Open Payments to whoever knows it',
    holds: ({ nodeEnv, openPaymentsDevToken }) => nodeEnv !== 'production' || openPaymentsDevToken === undefined,
  },
  {
    variables: ['OPEN_PAYMENTS_ALLOW_LOCAL_CLIENTS', 'NODE_ENV'],
    expected: 'to be false, because NODE_ENV is production and clients could make this node call its own network',
    holds: ({ nodeEnv, openPaymentsAllowLocalClients }) => nodeEnv !== 'production' || !openPaymentsAllowLocalClients,
  },
  {
    variables: ['AUTH_SERVER_GRANT_URL', 'AUTH_SERVER_INTROSPECTION_URL'],
    expected:
      'an address, because AUTH_SERVER_INTROSPECTION_URL is set and clients must be told where to ask for grants',
    holds: ({ authServerGrantUrl, authServerIntrospectionUrl }) =>
      authServerIntrospectionUrl === undefined || authServerGrantUrl !== undefined,
  },
  {
    variables: ['AUTH_SERVER_GRANT_URL', 'NODE_ENV'],
    expected: 'the public https address of the authorization server, because NODE_ENV is production',
    holds: ({ nodeEnv, authServerGrantUrl }) =>
      nodeEnv !== 'production' || authServerGrantUrl === undefined || authServerGrantUrl.startsWith('https:'),
  },
  {
    variables: ['OPEN_PAYMENTS_URL', 'NODE_ENV'],
    expected: 'the public https address of Open Payments, because NODE_ENV is production',
    holds: ({ nodeEnv, openPaymentsUrl }) => nodeEnv !== 'production' || openPaymentsUrl?.startsWith('https:') === true,
  },
  {
    variables: ['OPEN_PAYMENTS_URL', 'OPEN_PAYMENTS_PORT'],
    expected: 'an address, because OPEN_PAYMENTS_PORT is 0 and the port is not known beforehand',
    holds: ({ openPaymentsPort, openPaymentsUrl }) => openPaymentsPort !== 0 || openPaymentsUrl !== undefined,
  },
  {
    variables: ['REDIS_URL', 'REDIS_TLS_CA_FILE_PATH', 'REDIS_TLS_KEY_FILE_PATH'],
    expected: 'an address, because files for TLS with Redis are set',
    holds: ({ redisUrl, redisTlsCaFile, redisTlsKeyFile }) =>
      redisUrl !== undefined || (redisTlsCaFile === undefined && redisTlsKeyFile === undefined),
  },
  {
    variables: ['REDIS_TLS_KEY_FILE_PATH', 'REDIS_TLS_CERT_FILE_PATH'],
    expected: 'to be set where REDIS_TLS_CERT_FILE_PATH is, and unset where it is not: a key goes with its certificate',
    holds: ({ redisTlsKeyFile, redisTlsCertFile }) =>
      (redisTlsKeyFile === undefined) === (redisTlsCertFile === undefined),
  },
  {
    variables: ['EXCHANGE_RATES', 'EXCHANGE_RATES_URL'],
    expected: 'to be unset, because EXCHANGE_RATES_URL is set and rates have one source',
    holds: ({ exchangeRates, exchangeRatesUrl }) => exchangeRates === undefined || exchangeRatesUrl === undefined,
  },
  {
    variables: ['EXCHANGE_RATES_MAX_AGE', 'EXCHANGE_RATES_LIFETIME'],
    expected: 'at least EXCHANGE_RATES_LIFETIME',
    holds: ({ exchangeRatesMaxAgeMs, exchangeRatesLifetimeMs }) => exchangeRatesMaxAgeMs >= exchangeRatesLifetimeMs,
  },
  {
    variables: ['TIGERBEETLE_TWO_PHASE_TIMEOUT_SECONDS', 'MAX_HOLD_TIME_MS'],
    expected: `at least MAX_HOLD_TIME_MS and ${RESERVATION_MARGIN_MS} milliseconds more, in seconds`,
    holds: ({ ledgerTwoPhaseTimeoutSeconds, maxHoldTimeMs }) =>
      ledgerTwoPhaseTimeoutSeconds * 1_000 >= maxHoldTimeMs + RESERVATION_MARGIN_MS,
  },
]

/** The rules broken by settings that are each right in themselves. */
export function checkRules(settings: Settings, env: Env, wrong: readonly Problem[]): Problem[] {
  const known = new Set(wrong.map(({ variable }) => variable))
  return rules
    .filter(({ variables, holds }) => !variables.some((name) => known.has(name)) && !holds(settings))
    .map(({ variables: [variable], expected }) => ({
      variable,
      found: showFound(env[variable] || undefined, variable.endsWith('_TOKEN')),
      expected,
    }))
}
