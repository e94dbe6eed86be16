import type { Logger } from '@kivuko/platform'
import type { ExecutionResult, FormattedExecutionResult, GraphQLError, GraphQLFormattedError } from 'graphql'
import { describeError } from './describe-error.js'

export interface FormattedAnswer {
  readonly statusCode: number
  readonly response: FormattedExecutionResult
}

type Failed = ExecutionResult & { readonly errors: readonly GraphQLError[] }

/**
 * The one place where errors become answers. A request that never ran has the status of its fault; one that ran has 200,
 * as GraphQL over HTTP asks, whatever its fields say. What is internal goes to the log and leaves no detail.
 */
export function formatErrors({ data, errors }: Failed, log: Logger): FormattedAnswer {
  const wanted = errors.flatMap(unpack)
  const statusCode = data === undefined ? statusOf(errors) : 200
  return { statusCode, response: { data: data ?? null, errors: wanted.map((error) => formatError(error, log)) } }
}

function formatError(error: GraphQLError, log: Logger): GraphQLFormattedError {
  const { message, extensions, internal } = describeError(error)
  if (internal) log.error({ err: error.originalError ?? error, path: error.path }, 'an admin call failed inside')
  const { locations, path } = error
  return { message, ...(locations && { locations }), ...(path && { path }), extensions }
}

/** A document that was refused arrives as one error that carries the list of what is wrong with it. */
function unpack(error: GraphQLError): GraphQLError[] {
  const cause = error.originalError
  return cause && 'errors' in cause && Array.isArray(cause.errors) ? cause.errors : [error]
}

function statusOf([first]: readonly GraphQLError[]): number {
  const cause = first?.originalError
  if (cause && 'statusCode' in cause && typeof cause.statusCode === 'number') return Math.min(cause.statusCode, 500)
  return describeError(first).internal ? 500 : 400
}
