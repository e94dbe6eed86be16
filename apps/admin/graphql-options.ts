import type { Ledger } from '@kivuko/accounting'
import type { Config, Logger } from '@kivuko/platform'
import type { IdempotencyKeys } from '@kivuko/tenants'
import { MercuriusDriver, type MercuriusDriverConfig } from '@nestjs/mercurius'
import type { FastifyRequest } from 'fastify'
import type { SignedCalls } from './callers/signed-calls.js'
import type { Context } from './context.js'
import { formatErrors } from './errors/format-errors.js'
import { makeIdempotent } from './idempotency/make-idempotent.js'
import { introspectionRules } from './introspection.js'
import { documentLimits, limitDocument } from './limits/limit-document.js'
import { refuseParsedDocuments } from './limits/refuse-parsed-documents.js'
import { loadersOn } from './loaders.js'
import { JSONObject } from './scalars/json-object.js'
import { UInt8 } from './scalars/uint8.js'
import { UInt64 } from './scalars/uint64.js'
import { readSchema } from './schema.js'
import { requireTenants } from './tenants/require-tenants.js'
import { resolveTenants, type TenantsById } from './tenants/resolve-tenants.js'

export interface GraphqlParts {
  readonly config: Config
  readonly log: Logger
  readonly ledger: Ledger
  readonly tenants: TenantsById
  readonly calls: SignedCalls
  readonly answers: IdempotencyKeys
}

// A document of Rafiki's admin pages has a few hundred; parsing stops here instead of growing with the attacker's patience.
const MAX_TOKENS = 2_000

/** How Mercurius is to answer: context per request, limits on documents, one error formatter. */
export function graphqlOptions({ config, log, ledger, tenants, calls, answers }: GraphqlParts): MercuriusDriverConfig {
  return {
    driver: MercuriusDriver,
    typeDefs: readSchema(),
    resolvers: { UInt8, UInt64, JSONObject },
    resolverValidationOptions: { requireResolversForResolveType: 'ignore' },
    transformSchema: (schema) => makeIdempotent(requireTenants(resolveTenants(schema, tenants), tenants), answers),
    // A browser's query page could not sign its calls.
    graphiql: false,
    context: (request: FastifyRequest): Context => contextOf(request, calls, ledger),
    validationRules: [limitDocument(documentLimits), ...introspectionRules(config)],
    graphql: { parseOptions: { maxTokens: MAX_TOKENS } },
    hooks: { preValidation: refuseParsedDocuments },
    errorFormatter: (execution) => formatErrors(execution, log),
  }
}

// Mercurius asks for a context also to tell an error of a request that was never let in: the caller is looked up when asked.
function contextOf(request: FastifyRequest, calls: SignedCalls, ledger: Ledger): Context {
  return {
    get caller() {
      return calls.callerOf(request)
    },
    loaders: loadersOn(ledger),
  }
}
