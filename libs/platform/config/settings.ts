import { z } from 'zod'
import { readableFile, redisUrl } from './redis-values.js'
import { optional, setting } from './setting.js'
import * as values from './values.js'

export const ROLES = ['connector', 'open-payments', 'admin', 'worker'] as const
export type Role = (typeof ROLES)[number]

/** The settings by groups, in the order of `.env.example`. Names are Rafiki's wherever the thing is the same. */
export const settingGroups = {
  'This node': {
    nodeEnv: setting(
      'NODE_ENV',
      values.oneOf(['development', 'production', 'test']),
      'development',
      'production refuses development settings and demands a public address',
    ),
    logLevel: setting(
      'LOG_LEVEL',
      values.oneOf(['trace', 'debug', 'info', 'warn', 'error', 'fatal', 'silent']),
      'info',
      'least severe level that is logged',
    ),
    instanceName: setting('INSTANCE_NAME', values.text(), 'kivuko', 'name of this node in logs and metrics'),
    roles: setting('ROLES', values.someOf(ROLES), ROLES.join(','), 'doors this process opens'),
    dataDir: setting(
      'DATA_DIR',
      values.text(),
      './data',
      'folder of the generated secrets and of the embedded Postgres; one node per folder',
    ),
  },
  'Where it listens': {
    bindHost: setting('BIND_HOST', values.host(), '127.0.0.1', 'address the doors listen on; 0.0.0.0 for all'),
    adminPort: setting('ADMIN_PORT', values.port(), '3001', 'GraphQL for the operator'),
    connectorPort: setting('CONNECTOR_PORT', values.port(), '3002', 'ILP over HTTP for peers'),
    ilpConnectorUrl: optional(
      'ILP_CONNECTOR_URL',
      values.httpUrl(),
      'where asynchronous peers reach the connectors of this node; default outside production: http://<BIND_HOST>:<CONNECTOR_PORT>',
    ),
    openPaymentsPort: setting('OPEN_PAYMENTS_PORT', values.port(), '3003', 'Open Payments for wallets'),
    monitoringPort: optional(
      'MONITORING_PORT',
      values.port(),
      "/livez, /readyz and Prometheus' /metrics of this process, for the operator's own network; unset: nowhere",
    ),
    openPaymentsUrl: optional(
      'OPEN_PAYMENTS_URL',
      values.httpUrl(),
      'public base address of Open Payments; default outside production: http://<BIND_HOST>:<OPEN_PAYMENTS_PORT>',
    ),
    walletAddressUrl: optional(
      'WALLET_ADDRESS_URL',
      values.httpUrl(),
      "base of this node's own wallet addresses; default: OPEN_PAYMENTS_URL",
    ),
  },
  Database: {
    databaseUrl: optional(
      'DATABASE_URL',
      values.postgresUrl(),
      'a Postgres server (14 or later); unset: an embedded one under DATA_DIR',
      { secret: true },
    ),
    databasePoolSize: setting(
      'DATABASE_POOL_SIZE',
      values.wholeNumber(2, 500, 'connections'),
      '10',
      'connections for queries; the change feed and the queue have their own',
    ),
    changeFeedMaxSilenceMs: setting(
      'CHANGE_FEED_MAX_SILENCE_MS',
      values.wholeNumber(3_000, 60_000, 'milliseconds'),
      '5000',
      'packets are refused when no change could have been heard for this long',
    ),
  },
  Queue: {
    redisUrl: optional(
      'REDIS_URL',
      redisUrl(),
      'a Redis (6.2 or later, maxmemory-policy noeviction) that carries the queue; unset: Postgres carries it',
      { secret: true },
    ),
    redisTlsCaFile: optional(
      'REDIS_TLS_CA_FILE_PATH',
      readableFile(),
      "a PEM file with the authority that Redis' certificate is checked by; turns TLS on",
    ),
    redisTlsKeyFile: optional(
      'REDIS_TLS_KEY_FILE_PATH',
      readableFile(),
      "a PEM file with this node's key for Redis; turns TLS on",
    ),
    redisTlsCertFile: optional(
      'REDIS_TLS_CERT_FILE_PATH',
      readableFile(),
      "a PEM file with this node's certificate for Redis",
    ),
    outgoingPaymentWorkers: setting(
      'OUTGOING_PAYMENT_WORKERS',
      values.wholeNumber(1, 1_000, 'payments'),
      '32',
      'payments that one process sends at the same time; they mostly wait for packets',
    ),
    incomingPaymentWorkers: setting(
      'INCOMING_PAYMENT_WORKERS',
      values.wholeNumber(1, 1_000, 'payments'),
      '4',
      'incoming payments that one process closes or reports at the same time',
    ),
    walletAddressWorkers: setting(
      'WALLET_ADDRESS_WORKERS',
      values.wholeNumber(1, 1_000, 'wallet addresses'),
      '4',
      'wallet addresses of which one process tells at the same time what they received',
    ),
    webhookWorkers: setting(
      'WEBHOOK_WORKERS',
      values.wholeNumber(1, 1_000, 'deliveries'),
      '32',
      'webhook events of one tenant that one process delivers at the same time; others are not held up by them',
    ),
    workerLeaseMs: setting(
      'WORKER_LEASE_MS',
      values.wholeNumber(1_000, 600_000, 'milliseconds'),
      '30000',
      'what a worker held that was killed, others take over after this time; a living one says so three times in it',
    ),
  },
  Interledger: {
    ilpAddress: setting('ILP_ADDRESS', values.ilpAddress(), 'test.kivuko', 'ILP address of this node'),
    minMessageWindowMs: setting(
      'MIN_MESSAGE_WINDOW_MS',
      values.wholeNumber(1, 60_000, 'milliseconds'),
      '1000',
      "taken off a packet's expiry at each hop, so that the answer arrives in time",
    ),
    maxHoldTimeMs: setting(
      'MAX_HOLD_TIME_MS',
      values.wholeNumber(1_000, 300_000, 'milliseconds'),
      '30000',
      'longest time a packet may be held',
    ),
    maxPacketBodyBytes: setting(
      'MAX_PACKET_BODY_BYTES',
      values.wholeNumber(1_024, 1_048_576, 'bytes'),
      '65536',
      'longest request body at the connector; an ILP packet has less than 33 kB',
    ),
  },
  Ledger: {
    ledger: setting('LEDGER', values.oneOf(['postgres', 'tigerbeetle']), 'postgres', 'where balances are kept'),
    tigerbeetleClusterId: setting(
      'TIGERBEETLE_CLUSTER_ID',
      values.clusterId(),
      '0',
      'the id the cluster was formatted with; 0 is for trying out',
    ),
    tigerbeetleReplicaAddresses: setting(
      'TIGERBEETLE_REPLICA_ADDRESSES',
      values.replicaAddresses(),
      '127.0.0.1:3004',
      'host:port of every replica, in the order of their numbers; host names are resolved',
    ),
    ledgerTwoPhaseTimeoutSeconds: setting(
      'TIGERBEETLE_TWO_PHASE_TIMEOUT_SECONDS',
      values.wholeNumber(1, 86_400, 'seconds'),
      '40',
      "the least time after which a packet's reserved funds are freed by themselves, in every ledger; they are kept for the packet's life and LEDGER_MAX_OUTAGE_SECONDS where that is longer",
    ),
    ledgerMaxOutageSeconds: setting(
      'LEDGER_MAX_OUTAGE_SECONDS',
      values.wholeNumber(60, 86_400, 'seconds'),
      '60',
      'longest absence of the ledger after which a fulfilled packet is still charged from what was reserved for it',
    ),
  },
  'Rates and quotes': {
    exchangeRatesUrl: optional(
      'EXCHANGE_RATES_URL',
      values.httpUrl(),
      'rates service: GET <url>?base=USD answers {"base":"USD","rates":{"EUR":0.91}}',
    ),
    exchangeRates: optional(
      'EXCHANGE_RATES',
      values.exchangeRates(),
      'fixed rates instead of a service, such as {"USD":{"EUR":"0.91"}}',
    ),
    exchangeRatesLifetimeMs: setting(
      'EXCHANGE_RATES_LIFETIME',
      values.wholeNumber(100, 86_400_000, 'milliseconds'),
      '15000',
      'age at which rates are fetched again in the background',
    ),
    exchangeRatesMaxAgeMs: setting(
      'EXCHANGE_RATES_MAX_AGE',
      values.wholeNumber(100, 604_800_000, 'milliseconds'),
      '60000',
      'age at which rates are no longer used',
    ),
    slippage: setting(
      'SLIPPAGE',
      values.fraction(),
      '0.01',
      'by how much the rate may worsen between quote and delivery',
    ),
    quoteLifespanMs: setting(
      'QUOTE_LIFESPAN',
      values.wholeNumber(1_000, 86_400_000, 'milliseconds'),
      '300000',
      'how long a quote stands',
    ),
  },
  Payments: {
    pollIncomingPaymentCreatedWebhook: setting(
      'POLL_INCOMING_PAYMENT_CREATED_WEBHOOK',
      values.yesOrNo(),
      'false',
      'whether whoever makes an incoming payment waits until the operator, who is told, has approved it',
    ),
    incomingPaymentCreatedPollTimeoutMs: setting(
      'INCOMING_PAYMENT_CREATED_POLL_TIMEOUT_MS',
      values.wholeNumber(1, 60_000, 'milliseconds'),
      '10000',
      'how long it waits; then the payment is refused',
    ),
    incomingPaymentCreatedPollFrequencyMs: setting(
      'INCOMING_PAYMENT_CREATED_POLL_FREQUENCY_MS',
      values.wholeNumber(10, 10_000, 'milliseconds'),
      '1000',
      'how often it looks',
    ),
    walletAddressNotFoundPollingEnabled: setting(
      'WALLET_ADDRESS_NOT_FOUND_POLLING_ENABLED',
      values.yesOrNo(),
      'false',
      'whether a question for an unknown wallet address waits for the operator, who is told, to make it',
    ),
    walletAddressLookupTimeoutMs: setting(
      'WALLET_ADDRESS_LOOKUP_TIMEOUT_MS',
      values.wholeNumber(1, 30_000, 'milliseconds'),
      '1500',
      'how long such a question waits',
    ),
    walletAddressPollingFrequencyMs: setting(
      'WALLET_ADDRESS_POLLING_FREQUENCY_MS',
      values.wholeNumber(10, 10_000, 'milliseconds'),
      '100',
      'how often it looks again',
    ),
    walletAddressDeactivationPaymentGracePeriodMs: setting(
      'WALLET_ADDRESS_DEACTIVATION_PAYMENT_GRACE_PERIOD_MS',
      values.wholeNumber(0, 31_536_000_000, 'milliseconds'),
      '86400000',
      'how long incoming payments of a deactivated wallet address stay open',
    ),
    incomingPaymentExpiryMaxMs: setting(
      'INCOMING_PAYMENT_EXPIRY_MAX_MS',
      values.wholeNumber(1_000, 31_536_000_000, 'milliseconds'),
      '2592000000',
      'longest and default life of an incoming payment',
    ),
    maxOutgoingPaymentRetryAttempts: setting(
      'MAX_OUTGOING_PAYMENT_RETRY_ATTEMPTS',
      values.wholeNumber(0, 100, 'attempts'),
      '5',
      'how often a payment is tried again before it fails',
    ),
    withdrawalThrottleDelayMs: optional(
      'WITHDRAWAL_THROTTLE_DELAY',
      values.wholeNumber(1, 2_592_000_000, 'milliseconds'),
      "how long money paid to a wallet address itself may wait for its event; unset: only the asset's threshold counts",
    ),
  },
  'Open Payments': {
    authServerGrantUrl: optional(
      'AUTH_SERVER_GRANT_URL',
      values.httpUrl(),
      "public base address of the GNAP authorization server: a tenant's clients ask for grants at <url>/<tenant id>",
    ),
    authServerIntrospectionUrl: optional(
      'AUTH_SERVER_INTROSPECTION_URL',
      values.httpUrl(),
      'private address where the authorization server says what a token is worth; unset: no token is accepted',
    ),
    openPaymentsSignatureMaxAgeSeconds: setting(
      'OPEN_PAYMENTS_SIGNATURE_MAX_AGE_SECONDS',
      values.wholeNumber(1, 3_600, 'seconds'),
      '300',
      "age at which a client's signed request is refused",
    ),
    openPaymentsSignatureMaxSkewSeconds: setting(
      'OPEN_PAYMENTS_SIGNATURE_MAX_SKEW_SECONDS',
      values.wholeNumber(0, 3_600, 'seconds'),
      '60',
      "how far a client's clock may be ahead of this node's",
    ),
    openPaymentsAllowLocalClients: setting(
      'OPEN_PAYMENTS_ALLOW_LOCAL_CLIENTS',
      values.trueOrFalse(),
      'false',
      "DEVELOPMENT ONLY: clients' keys are fetched over http and from internal addresses too; refused in production",
    ),
    keyId: optional(
      'KEY_ID',
      values.text(),
      "id of this node's key at <WALLET_ADDRESS_URL>/jwks.json, where other nodes look it up; default: its thumbprint",
    ),
    enableSpspPaymentPointers: setting(
      'ENABLE_SPSP_PAYMENT_POINTERS',
      values.trueOrFalse(),
      'true',
      'wallet addresses answer SPSP too: money paid to them without an incoming payment',
    ),
    openPaymentsDevToken: optional(
      'OPEN_PAYMENTS_DEV_TOKEN',
      values.secretText(),
      'DEVELOPMENT ONLY: a token that may do everything, unsigned; also allows http addresses; refused in production',
      { secret: true },
    ),
  },
  'Operator: admin API and webhooks': {
    adminApiSignatureVersion: setting(
      'ADMIN_API_SIGNATURE_VERSION',
      values.wholeNumber(1, 1_000, 'the version'),
      '1',
      "version in the admin API's signature header",
    ),
    adminApiSignatureTtlSeconds: setting(
      'ADMIN_API_SIGNATURE_TTL_SECONDS',
      values.wholeNumber(1, 3_600, 'seconds'),
      '30',
      'age at which a signed admin request is refused',
    ),
    webhookUrl: optional(
      'WEBHOOK_URL',
      values.httpUrl(),
      'where events are sent; unset: they are kept until it is set',
    ),
    webhookTimeoutMs: setting(
      'WEBHOOK_TIMEOUT',
      values.wholeNumber(100, 60_000, 'milliseconds'),
      '2000',
      'time the receiver has to answer',
    ),
    webhookMaxRetry: optional(
      'WEBHOOK_MAX_RETRY',
      values.wholeNumber(0, 10_000, 'attempts'),
      'attempts after which an event is given up; unset: retried for days',
    ),
    tenantUrlsAllowInternal: setting(
      'TENANT_URLS_ALLOW_INTERNAL',
      values.trueOrFalse(),
      'false',
      "whether tenants' own webhook and rates URLs and their peers' endpoints may lie in this node's network: for an operator who runs its tenants' systems there",
    ),
    signatureVersion: setting(
      'SIGNATURE_VERSION',
      values.wholeNumber(1, 1_000, 'the version'),
      '1',
      "version in the webhooks' signature header",
    ),
    signatureFormerSecret: optional(
      'SIGNATURE_FORMER_SECRET',
      values.secretText(),
      'the SIGNATURE_SECRET before: signs webhooks too, until their receiver knows the new one',
      { secret: true },
    ),
    webhookRetentionDays: setting(
      'WEBHOOK_RETENTION_DAYS',
      values.wholeNumber(1, 3_650, 'days'),
      '30',
      'delivered events are kept this long and can be replayed',
    ),
  },
} as const

/** Everything a node is told, apart from its secrets. */
export const configSchema = z.object({
  ...settingGroups['This node'],
  ...settingGroups['Where it listens'],
  ...settingGroups.Database,
  ...settingGroups.Queue,
  ...settingGroups.Interledger,
  ...settingGroups.Ledger,
  ...settingGroups['Rates and quotes'],
  ...settingGroups.Payments,
  ...settingGroups['Open Payments'],
  ...settingGroups['Operator: admin API and webhooks'],
})
