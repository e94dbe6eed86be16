import { z } from 'zod'
import type { SigningClient } from '../harness/authorization-server-client.js'
import type { TenantWorld } from './tenant-world.js'

export interface RestCall {
  readonly method: 'GET' | 'POST' | 'HEAD'
  readonly url: string
  readonly body?: string
}

export interface Right {
  readonly type: 'incoming-payment' | 'outgoing-payment' | 'quote'
  readonly action: 'create' | 'complete' | 'read' | 'list'
}

/** How a route is called rightly, on what is this tenant's and was made by this client. */
export interface Recipe {
  readonly right: Right
  /** Without a token there is an answer for everybody, which tells less. */
  readonly hasPublicView?: true
  /** It is about the token alone, whatever wallet address or tenant the token is for. */
  readonly isOfToken?: true
  /** The same signed request a second time finds its quote used. */
  readonly isOnce?: true
  make(world: TenantWorld, client: RestClient): Promise<Omit<RestCall, 'method'>>
}

/** A client with a token that may do everything at one tenant. */
export interface RestClient {
  readonly signing: SigningClient
  readonly tokenOf: (world: TenantWorld) => string
}

/** Routes that are open to everybody, with a path to call them by. */
export const openRoutes: Readonly<Record<string, (world: TenantWorld) => string>> = {
  '/livez': () => '/livez',
  '/healthz': () => '/healthz',
  '/readyz': () => '/readyz',
  '/jwks.json': () => '/jwks.json',
  // Any path may be a wallet address.
  '/*': (world) => new URL(world.addressOf('payer')).pathname,
}

/** Routes for tokens, by method and pattern as the router knows them. */
export const recipes: Readonly<Record<string, Recipe>> = {
  'POST /:tenantId/incoming-payments': {
    right: { type: 'incoming-payment', action: 'create' },
    make: async (world) => ({ url: at(world, 'incoming-payments'), body: incoming(world) }),
  },
  'GET /:tenantId/incoming-payments': {
    right: { type: 'incoming-payment', action: 'list' },
    make: async (world) => ({ url: listOf(world, 'incoming-payments', 'payer') }),
  },
  'GET /:tenantId/incoming-payments/:id': {
    right: { type: 'incoming-payment', action: 'read' },
    hasPublicView: true,
    make: async (world, client) => ({ url: await incomingPayment(world, client) }),
  },
  'POST /:tenantId/incoming-payments/:id/complete': {
    right: { type: 'incoming-payment', action: 'complete' },
    make: async (world, client) => ({ url: `${await incomingPayment(world, client)}/complete` }),
  },
  'POST /:tenantId/quotes': {
    right: { type: 'quote', action: 'create' },
    make: async (world) => ({ url: at(world, 'quotes'), body: await quoteBody(world) }),
  },
  'GET /:tenantId/quotes/:id': {
    right: { type: 'quote', action: 'read' },
    make: async (world, client) => ({ url: await quote(world, client) }),
  },
  'POST /:tenantId/outgoing-payments': {
    right: { type: 'outgoing-payment', action: 'create' },
    isOnce: true,
    make: async (world, client) => ({ url: at(world, 'outgoing-payments'), body: await outgoing(world, client) }),
  },
  'GET /:tenantId/outgoing-payments': {
    right: { type: 'outgoing-payment', action: 'list' },
    make: async (world) => ({ url: listOf(world, 'outgoing-payments', 'payer') }),
  },
  'GET /:tenantId/outgoing-payments/:id': {
    right: { type: 'outgoing-payment', action: 'read' },
    make: async (world, client) => {
      const body = await outgoing(world, client)
      return { url: await made(world, client, { url: at(world, 'outgoing-payments'), body }) }
    },
  },
  'GET /:tenantId/outgoing-payment-grant': {
    right: { type: 'outgoing-payment', action: 'create' },
    isOfToken: true,
    make: async (world) => ({ url: at(world, 'outgoing-payment-grant') }),
  },
}

function at({ node, tenant }: TenantWorld, collection: string): string {
  return `${node.openPaymentsUrl}/${tenant.id}/${collection}`
}

function listOf(world: TenantWorld, collection: string, owner: 'payer' | 'payee'): string {
  return `${at(world, collection)}?wallet-address=${encodeURIComponent(world.addressOf(owner))}`
}

function incoming(world: TenantWorld): string {
  return JSON.stringify({ walletAddress: world.addressOf('payer'), metadata: { note: `of ${world.name}` } })
}

async function quoteBody(world: TenantWorld): Promise<string> {
  const { url: receiver } = await world.incomingPayment()
  const walletAddress = world.addressOf('payer')
  return JSON.stringify({ walletAddress, receiver, method: 'ilp', debitAmount: world.amount('100') })
}

async function outgoing(world: TenantWorld, client: RestClient): Promise<string> {
  return JSON.stringify({ walletAddress: world.addressOf('payer'), quoteId: await quote(world, client) })
}

function incomingPayment(world: TenantWorld, client: RestClient): Promise<string> {
  return made(world, client, { url: at(world, 'incoming-payments'), body: incoming(world) })
}

async function quote(world: TenantWorld, client: RestClient): Promise<string> {
  return made(world, client, { url: at(world, 'quotes'), body: await quoteBody(world) })
}

/** The URL of what a client has made. */
async function made(world: TenantWorld, client: RestClient, call: { url: string; body: string }): Promise<string> {
  const response = await client.signing.call(call.url, {
    method: 'POST',
    token: client.tokenOf(world),
    body: call.body,
  })
  return z.object({ id: z.string() }).parse(await response.json()).id
}
