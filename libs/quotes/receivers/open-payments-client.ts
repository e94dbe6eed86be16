import {
  getAuthServerOpenAPI,
  getResourceServerOpenAPI,
  getWalletAddressServerOpenAPI,
} from '@interledger/open-payments'
import { createGrantRoutes, type GrantRoutes } from '@interledger/open-payments/dist/client/grant.js'
import {
  createIncomingPaymentRoutes,
  type IncomingPaymentRoutes,
} from '@interledger/open-payments/dist/client/incoming-payment.js'
import { createHttpClient } from '@interledger/open-payments/dist/client/requests.js'
import { createTokenRoutes, type TokenRoutes } from '@interledger/open-payments/dist/client/token.js'
import {
  createWalletAddressRoutes,
  type WalletAddressRoutes,
} from '@interledger/open-payments/dist/client/wallet-address.js'
import { pino } from 'pino'
import type { ClientIdentity } from './client-identity.js'
import { TIMEOUT_MS } from './guarded-fetch.js'

export interface OpenPaymentsClient {
  readonly walletAddress: WalletAddressRoutes
  readonly grant: GrantRoutes
  readonly token: TokenRoutes
  readonly incomingPayment: IncomingPaymentRoutes
}

/**
 * The official client's routes, which sign requests and hold answers against the official schemas, over a `fetch` of ours:
 * the client as a whole takes none, and would connect wherever another server's answer points.
 */
export async function createOpenPaymentsClient(
  { walletAddressUrl, keyId, privateKey }: ClientIdentity,
  fetch: typeof globalThis.fetch,
): Promise<OpenPaymentsClient> {
  // It would log what other servers do wrong as errors of ours; whoever calls gets them as refusals.
  const logger = pino({ level: 'silent' })
  const signing = { privateKey, keyId }
  const signed = await createHttpClient({ logger, requestTimeoutMs: TIMEOUT_MS, requestSigningArgs: signing })
  const base = { httpClient: signed.extend({ fetch, retry: 0 }), logger, useHttp: false }
  const [walletAddress, authServer, resourceServer] = await Promise.all([
    getWalletAddressServerOpenAPI(),
    getAuthServerOpenAPI(),
    getResourceServerOpenAPI(),
  ])
  return {
    walletAddress: createWalletAddressRoutes({ ...base, openApi: walletAddress }),
    grant: createGrantRoutes({ ...base, openApi: authServer, client: walletAddressUrl }),
    token: createTokenRoutes({ ...base, openApi: authServer }),
    incomingPayment: createIncomingPaymentRoutes({ ...base, openApi: resourceServer }),
  }
}
