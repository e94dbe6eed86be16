import { DomainError } from '@kivuko/platform'
import { HttpException } from '@nestjs/common'
import { statuses } from './statuses.js'

/** An answer of the Open Payments API to a request that went wrong: the body is the specification's. */
export interface ErrorAnswer {
  readonly status: number
  readonly body: {
    /** The status again, as text, as Rafiki's clients know it; what to program against is `details.reason`. */
    readonly error: { readonly code: string; readonly description: string; readonly details?: Record<string, unknown> }
  }
}

/** Whole descriptions that wallets compare with, as Rafiki says them; what went wrong is then in the details. */
const descriptions: Readonly<Record<string, string>> = {
  InvalidReceiver: 'invalid receiver',
  InsufficientGrant: 'Insufficient Grant',
  BeyondGrant: 'unauthorized',
}

/** What a caller is told; of anything it is not to blame for, nothing but the status. */
export function answerTo(error: unknown): ErrorAnswer {
  if (error instanceof DomainError) {
    return answerToDomainError(error)
  }
  const fault = faultOfRequest(error)
  return fault ? answer(fault.status, fault.message) : answer(500, 'Internal server error')
}

function answerToDomainError({ kind, reason, message, details }: DomainError): ErrorAnswer {
  const status = statuses[kind]
  // Which server of ours or of others did not answer, and how, is not a stranger's to know.
  if (status >= 500) return answer(status, 'Not available at the moment, try again later', { reason })
  const description = descriptions[reason]
  if (description === undefined) return answer(status, message, { reason, ...details })
  return answer(status, description, { reason, explanation: message, ...details })
}

function answer(status: number, description: string, details?: Record<string, unknown>): ErrorAnswer {
  const error = { code: String(status), description, ...(details && { details: withoutBigInts(details) }) }
  return { status, body: { error } }
}

/** Nest (no such route) and Fastify (a body that is no JSON, too long, or of another type) mark these with a 4xx status. */
function faultOfRequest(error: unknown): { status: number; message: string } | undefined {
  if (error instanceof HttpException) return clientFault(error.getStatus(), error.message)
  if (!(error instanceof Error) || !('statusCode' in error)) return undefined
  return clientFault(error.statusCode, error.message)
}

function clientFault(status: unknown, message: string): { status: number; message: string } | undefined {
  return typeof status === 'number' && status >= 400 && status < 500 ? { status, message } : undefined
}

function withoutBigInts(details: Record<string, unknown>): Record<string, unknown> {
  return JSON.parse(JSON.stringify(details, (_name, value) => (typeof value === 'bigint' ? value.toString() : value)))
}
