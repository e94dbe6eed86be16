import { DomainError } from '@kivuko/platform'
import { GraphQLError } from 'graphql'
import { codesOfReasons, errorCodes } from './error-codes.js'

/** What a caller is told of an error. `internal` marks what it is told nothing of and the log must hold. */
export interface DescribedError {
  readonly message: string
  readonly extensions: Readonly<Record<string, unknown>>
  readonly internal: boolean
}

// GraphQL's own messages repeat what was found, however long that is; a caller knows what it has sent by its beginning.
const LONGEST_MESSAGE = 1_000

const WRONG_VARIABLE = /^Variable "\$\w+" (got invalid value|of (required|non-null) type)/

export function describeError(error: unknown): DescribedError {
  const cause = causeOf(error)
  if (cause instanceof DomainError) return describeDomainError(cause)
  // The outermost says where: in which variable, and at which path in it.
  if (error instanceof GraphQLError && cause instanceof GraphQLError) {
    return told(error.message, codeOfDocumentError(error.message))
  }
  if (isClientFault(cause)) return told(cause.message, 'BAD_USER_INPUT')
  return { message: 'Internal server error', extensions: { code: 'INTERNAL_SERVER_ERROR' }, internal: true }
}

/** GraphQL wraps what a resolver throws, once for each list and field it passes. */
function causeOf(error: unknown): unknown {
  return error instanceof GraphQLError && error.originalError ? causeOf(error.originalError) : error
}

function describeDomainError({ kind, reason, message, details }: DomainError): DescribedError {
  const extensions = {
    code: codesOfReasons[reason] ?? errorCodes[kind],
    reason,
    ...(Object.keys(details).length > 0 && { details }),
  }
  return { message, extensions: withoutBigInts(extensions), internal: false }
}

function codeOfDocumentError(message: string): string {
  if (message.startsWith('Syntax Error')) return 'GRAPHQL_PARSE_FAILED'
  return WRONG_VARIABLE.test(message) ? 'BAD_USER_INPUT' : 'GRAPHQL_VALIDATION_FAILED'
}

function told(message: string, code: string): DescribedError {
  const shown = message.length > LONGEST_MESSAGE ? `${message.slice(0, LONGEST_MESSAGE)}…` : message
  return { message: shown, extensions: { code }, internal: false }
}

/** Fastify and Mercurius mark what the request is to blame for with a 4xx status. */
function isClientFault(cause: unknown): cause is Error {
  if (!(cause instanceof Error) || !('statusCode' in cause)) return false
  return typeof cause.statusCode === 'number' && cause.statusCode >= 400 && cause.statusCode < 500
}

function withoutBigInts(value: Readonly<Record<string, unknown>>): Record<string, unknown> {
  return JSON.parse(JSON.stringify(value, (_key, inner) => (typeof inner === 'bigint' ? inner.toString() : inner)))
}
